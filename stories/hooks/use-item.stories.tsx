import type { Meta } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { clientOf, hookMeta, type HookStory, toggleOffline } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { Editor } from './examples/use-item.js'
import program from './examples/use-item.tsx?raw'

const meta: Meta<typeof Editor> = {
  ...hookMeta(
    Editor,
    program,
    'An item, a function that changes it, and how it stands: as simple as `useState`, and everybody sees it. What both write into different fields stays; the same counter counts for both.',
  ),
  title: 'Hooks/useItem',
  tags: ['autodocs'],
  args: { id: 't-1' },
  argTypes: { id: { control: 'select', options: ['t-1', 't-2', 't-3', 'none'] } },
}
export default meta

export const Example: HookStory<{ id: string }> = {
  play: async ({ canvas, userEvent }) => {
    const [ada, lin] = [await clientOf(canvas, 'Ada'), await clientOf(canvas, 'Lin')]
    await userEvent.type(ada.getByLabelText('Title'), ' today')
    await waitFor(() => expect(lin.getByLabelText('Title')).toHaveValue('Fix login today'), SOON)
    await toggleOffline(lin, userEvent)
    await userEvent.click(lin.getByRole('button', { name: '▲ 0' }))
    await userEvent.click(ada.getByRole('button', { name: '▲ 0' }))
    await expect(ada.getByRole('button', { name: '▲ 1' })).toBeVisible()
    await toggleOffline(lin, userEvent)
    // Both votes count.
    await expect(await ada.findByRole('button', { name: '▲ 2' }, SOON)).toBeVisible()
    await expect(await lin.findByRole('button', { name: '▲ 2' }, SOON)).toBeVisible()
  },
}

/** With an id that nothing has, the status says so. */
export const Missing: HookStory<{ id: string }> = {
  args: { id: 'none' },
  play: async ({ canvas }) => {
    await expect((await clientOf(canvas, 'Ada')).getByText('missing')).toBeVisible()
  },
}
