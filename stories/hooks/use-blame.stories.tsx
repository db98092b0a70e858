import type { Meta } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { clientOf, hookMeta, type HookStory } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { WhoWrote } from './examples/use-blame.js'
import program from './examples/use-blame.tsx?raw'

const meta: Meta<typeof WhoWrote> = {
  ...hookMeta(
    WhoWrote,
    program,
    'Who wrote what a field holds, when, by which action, and what vouches for it: a signature, or a seal of the authority.',
  ),
  title: 'Hooks/useBlame',
  tags: ['autodocs'],
}
export default meta

export const Example: HookStory = {
  play: async ({ canvas, userEvent }) => {
    const [ada, lin] = [await clientOf(canvas, 'Ada'), await clientOf(canvas, 'Lin')]
    await expect(await lin.findByText(/^Title by ada/, {}, SOON)).toBeVisible()
    await userEvent.type(lin.getByLabelText('Title'), '!')
    await expect(await ada.findByText(/^Title by lin, .*, (signature|seal)$/, {}, SOON)).toBeVisible()
  },
}
