import type { Meta } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { clientOf, hookMeta, type HookStory } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { Verify } from './examples/use-repository-history.js'
import program from './examples/use-repository-history.tsx?raw'

const meta: Meta<typeof Verify> = {
  ...hookMeta(
    Verify,
    program,
    'The history itself, to be asked in event handlers and effects: `revertTo`, `diff`, `bisect`, `verify`. Does not re-render.',
  ),
  title: 'Hooks/useRepositoryHistory',
  tags: ['autodocs'],
}
export default meta

export const Example: HookStory = {
  play: async ({ canvas, userEvent }) => {
    const lin = await clientOf(canvas, 'Lin')
    await userEvent.click(await lin.findByRole('button', { name: 'Verify everything' }, SOON))
    await expect(await lin.findByText(/^All \d+ commits hold/, {}, SOON)).toBeVisible()
  },
}
