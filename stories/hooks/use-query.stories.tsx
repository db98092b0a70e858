import type { Meta } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { clientOf, hookMeta, type HookStory } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { Tasks } from './examples/use-query.js'
import program from './examples/use-query.tsx?raw'

const meta: Meta<typeof Tasks> = {
  ...hookMeta(
    Tasks,
    program,
    'The snapshots that a query asks for, in its order, live. A query is data: equal ones share one view, and an edit costs what it changes.',
  ),
  title: 'Hooks/useQuery',
  tags: ['autodocs'],
  args: { contains: '', limit: 10 },
  argTypes: { limit: { control: { type: 'range', min: 1, max: 10 } } },
}
export default meta

export const Example: HookStory<{ contains: string; limit: number }> = {
  play: async ({ canvas, userEvent }) => {
    const [ada, lin] = [await clientOf(canvas, 'Ada'), await clientOf(canvas, 'Lin')]
    await userEvent.type(ada.getByLabelText('Title'), '{Home}Z ')
    // It moves to the end of the list, with her and with him.
    for (const client of [ada, lin]) {
      await waitFor(() => expect(client.getAllByRole('listitem').at(-1)).toHaveTextContent('Z Fix login ▲ 0'), SOON)
    }
  },
}

/** Only what contains something. */
export const Filtered: HookStory<{ contains: string; limit: number }> = {
  args: { contains: 'the' },
  play: async ({ canvas }) => {
    await expect((await clientOf(canvas, 'Lin')).getAllByRole('listitem')).toHaveLength(2)
  },
}
