import type { Meta } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { clientOf, hookMeta, type HookStory, toggleOffline } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { StatusLine } from './examples/use-status.js'
import program from './examples/use-status.tsx?raw'

const meta: Meta<typeof StatusLine> = {
  ...hookMeta(
    StatusLine,
    program,
    'How the repository stands: whether it is ready and complete, its connection, how much waits, what was refused. With a selector it renders only when the result is another.',
  ),
  title: 'Hooks/useStatus',
  tags: ['autodocs'],
}
export default meta

export const Example: HookStory = {
  play: async ({ canvas, userEvent }) => {
    const ada = await clientOf(canvas, 'Ada')
    await expect(await ada.findByText('All is saved (online)', {}, SOON)).toBeVisible()
    await toggleOffline(ada, userEvent)
    await userEvent.click(ada.getByRole('button', { name: '▲ 0' }))
    await expect(await ada.findByText('Waiting to be saved: 1 (offline)', {}, SOON)).toBeVisible()
    await toggleOffline(ada, userEvent)
    await expect(await ada.findByText('All is saved (online)', {}, SOON)).toBeVisible()
  },
}
