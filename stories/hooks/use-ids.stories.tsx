import type { Meta } from '@storybook/react-vite'
import { expect, waitFor, within } from 'storybook/test'
import { clientOf, hookMeta, type HookStory } from '../scenes/hook-meta.js'
import { type Canvas, SOON } from '../scenes/panel-meta.js'
import { LongList } from './examples/use-ids.js'
import program from './examples/use-ids.tsx?raw'

const meta: Meta<typeof LongList> = {
  ...hookMeta(
    LongList,
    program,
    'The ids of what a query asks for: the list renders only when rows come, go or move, and each row listens by itself. Rows that are given the collection need not look for the provider.',
  ),
  title: 'Hooks/useIds',
  tags: ['autodocs'],
}
export default meta

const titles = (client: Canvas): (string | null | undefined)[] =>
  client.getAllByRole('listitem').map((row: HTMLElement) => row.firstChild?.textContent)

export const Example: HookStory = {
  play: async ({ canvas, userEvent }) => {
    const [ada, lin] = [await clientOf(canvas, 'Ada'), await clientOf(canvas, 'Lin')]
    const both = async (expected: readonly string[]): Promise<void> => {
      for (const client of [ada, lin]) await waitFor(() => expect(titles(client)).toEqual(expected), SOON)
    }
    await both(['Fix login', 'Water the plants', 'Write the release notes'])
    await userEvent.click(ada.getByRole('button', { name: 'Add' }))
    await both(['Fix login', 'New task', 'Water the plants', 'Write the release notes'])
    // It moves to the end.
    await userEvent.type(ada.getByLabelText('Title'), '{Home}Z ')
    await both(['New task', 'Water the plants', 'Write the release notes', 'Z Fix login'])
    await userEvent.click(lin.getByRole('button', { name: 'Delete Water the plants' }))
    await both(['New task', 'Write the release notes', 'Z Fix login'])
    // A row listens by itself.
    await userEvent.click(within(ada.getAllByRole('listitem')[1]).getByRole('button', { name: '▲ 0' }))
    await waitFor(() => expect(lin.getAllByRole('listitem')[1]).toHaveTextContent('▲ 1'), SOON)
  },
}
