import type { Meta } from '@storybook/react-vite'
import { expect, waitFor, within } from 'storybook/test'
import { clientOf, hookMeta, type HookStory } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { Story } from './examples/use-history.js'
import program from './examples/use-history.tsx?raw'

const meta: Meta<typeof Story> = {
  ...hookMeta(
    Story,
    program,
    'What was done to an item, by whomever, newest first, live. Each entry has the moment after it, to look at or to go back to.',
  ),
  title: 'Hooks/useHistory',
  tags: ['autodocs'],
  args: { limit: 5 },
  argTypes: { limit: { control: { type: 'range', min: 1, max: 20 } } },
}
export default meta

export const Example: HookStory<{ limit: number }> = {
  play: async ({ canvas, userEvent }) => {
    const [ada, lin] = [await clientOf(canvas, 'Ada'), await clientOf(canvas, 'Lin')]
    const story = async (): Promise<HTMLElement[]> =>
      within(await ada.findByRole('list', { name: 'What happened' }, SOON)).getAllByRole('listitem')
    await userEvent.type(lin.getByLabelText('Title'), '!')
    await waitFor(async () => expect((await story())[0]).toHaveTextContent('lin at'), SOON)
    await userEvent.click(within((await story()).at(-1)!).getByRole('button', { name: 'Restore this' }))
    await waitFor(() => expect(lin.getByLabelText('Title')).toHaveValue('Fix login'), SOON)
  },
}
