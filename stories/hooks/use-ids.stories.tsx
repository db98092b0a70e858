import type { Meta } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { clientOf, hookMeta, type HookStory } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
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

export const Example: HookStory = {
  play: async ({ canvas, userEvent }) => {
    const [ada, lin] = [await clientOf(canvas, 'Ada'), await clientOf(canvas, 'Lin')]
    await userEvent.click(ada.getAllByRole('button', { name: '▲ 0' })[1]!)
    await waitFor(() => expect(lin.getAllByRole('listitem')[1]).toHaveTextContent('▲ 1'), SOON)
    const titles = (): (string | undefined)[] =>
      lin.getAllByRole('listitem').map(({ textContent }) => textContent?.split(' ▲')[0])
    // A row comes, and one moves.
    await userEvent.click(ada.getByRole('button', { name: 'Add' }))
    const known = ['Fix login', 'Water the plants', 'Write the release notes']
    await waitFor(() => expect(titles()).toEqual(['Answer the letters', ...known]), SOON)
    await userEvent.click(ada.getAllByRole('button', { name: 'To the end' })[0]!)
    await waitFor(() => expect(titles()).toEqual([...known, 'Z Answer the letters']), SOON)
  },
}
