import type { Meta } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { clientOf, hookMeta, type HookStory } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { Past } from './examples/time-travel.js'
import program from './examples/time-travel.tsx?raw'

const meta: Meta<typeof Past> = {
  ...hookMeta(
    Past,
    program,
    'Everything below shows a moment of the past, by the same hooks as ever; the rest stays live. Moving remounts nothing. One item alone: `useItem(Task, id, { at })`.',
  ),
  title: 'Hooks/TimeTravel',
  tags: ['autodocs'],
}
export default meta

export const Example: HookStory = {
  play: async ({ canvas, userEvent }) => {
    const [ada, lin] = [await clientOf(canvas, 'Ada'), await clientOf(canvas, 'Lin')]
    const titles = await ada.findByRole('list', { name: 'Titles' }, SOON)
    await userEvent.type(ada.getByLabelText('Title'), '!')
    await expect(titles).toHaveTextContent('Fix login!')
    await waitFor(() => expect(ada.getByRole('button', { name: '1 before' })).toBeEnabled(), SOON)
    await userEvent.click(ada.getByRole('button', { name: '1 before' }))
    await waitFor(() => expect(titles).not.toHaveTextContent('Fix login!'), SOON)
    // The rest stays live.
    await userEvent.type(lin.getByLabelText('Title'), '?')
    await waitFor(() => expect(ada.getByLabelText('Title')).toHaveValue('Fix login!?'), SOON)
    await expect(titles).not.toHaveTextContent('!')
    await userEvent.click(ada.getByRole('button', { name: 'Now' }))
    await waitFor(() => expect(titles).toHaveTextContent('Fix login!?'), SOON)
  },
}
