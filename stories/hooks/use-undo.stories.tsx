import type { Meta } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { clientOf, hookMeta, type HookStory } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { Undoable } from './examples/use-undo.js'
import program from './examples/use-undo.tsx?raw'

const meta: Meta<typeof Undoable> = {
  ...hookMeta(
    Undoable,
    program,
    'Undo and redo of what this session did, or all devices of its user. What others did since stays. It survives a reload.',
  ),
  title: 'Hooks/useUndo',
  tags: ['autodocs'],
  args: { scope: 'session' },
  argTypes: { scope: { control: 'inline-radio', options: ['session', 'user'] } },
}
export default meta

export const Example: HookStory<{ scope: 'session' | 'user' }> = {
  play: async ({ canvas, userEvent }) => {
    const [ada, lin] = [await clientOf(canvas, 'Ada'), await clientOf(canvas, 'Lin')]
    await userEvent.click(await ada.findByRole('button', { name: 'Finish' }, SOON))
    await expect(await lin.findByText('Fix login: done ▲ 0', {}, SOON)).toBeVisible()
    await userEvent.click(lin.getByRole('button', { name: 'Vote' }))
    await expect(await ada.findByText('Fix login: done ▲ 1', {}, SOON)).toBeVisible()
    await userEvent.click(ada.getByRole('button', { name: 'Undo' }))
    // Her change is taken back, his stays.
    await expect(await lin.findByText('Fix login: open ▲ 1', {}, SOON)).toBeVisible()
    await userEvent.click(ada.getByRole('button', { name: 'Redo' }))
    await expect(await lin.findByText('Fix login: done ▲ 1', {}, SOON)).toBeVisible()
  },
}
