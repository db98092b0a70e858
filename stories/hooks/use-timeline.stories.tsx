import type { Meta } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { clientOf, hookMeta, type HookStory } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { News } from './examples/use-timeline.js'
import program from './examples/use-timeline.tsx?raw'

const meta: Meta<typeof News> = {
  ...hookMeta(
    News,
    program,
    'The same of the whole repository, by a filter: item, schema, field, author, label, text, time, standing.',
  ),
  title: 'Hooks/useTimeline',
  tags: ['autodocs'],
  args: { limit: 4 },
  argTypes: { limit: { control: { type: 'range', min: 1, max: 20 } } },
}
export default meta

export const Example: HookStory<{ limit: number }> = {
  play: async ({ canvas, userEvent }) => {
    const [ada, lin] = [await clientOf(canvas, 'Ada'), await clientOf(canvas, 'Lin')]
    await userEvent.click(ada.getByRole('button', { name: '▲ 0' }))
    const news = await lin.findByRole('list', { name: 'News' }, SOON)
    await waitFor(() => expect(news).toHaveTextContent('ada: update votes'), SOON)
  },
}
