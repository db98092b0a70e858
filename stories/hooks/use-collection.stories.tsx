import type { Meta } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { clientOf, hookMeta, type HookStory } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { Tasks } from './examples/use-collection.js'
import program from './examples/use-collection.tsx?raw'

const meta: Meta<typeof Tasks> = {
  ...hookMeta(
    Tasks,
    program,
    "One schema's items, to create, get, change and query in event handlers. Does not re-render.",
  ),
  title: 'Hooks/useCollection',
  tags: ['autodocs'],
}
export default meta

export const Example: HookStory = {
  play: async ({ canvas, userEvent }) => {
    const [ada, lin] = [await clientOf(canvas, 'Ada'), await clientOf(canvas, 'Lin')]
    await userEvent.click(ada.getByRole('button', { name: 'Add' }))
    await expect(await lin.findByText(/^New task/, {}, SOON)).toBeVisible()
    await userEvent.click(lin.getByRole('button', { name: 'Delete Fix login' }))
    await waitFor(() => expect(ada.queryByText(/^Fix login/)).toBeNull(), SOON)
  },
}
