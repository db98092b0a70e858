import type { Meta } from '@storybook/react-vite'
import { expect, waitFor, within } from 'storybook/test'
import { clientOf, hookMeta, type HookStory, toggleOffline } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { Disagreement } from './examples/use-conflicts.js'
import program from './examples/use-conflicts.tsx?raw'

const meta: Meta<typeof Disagreement> = {
  ...hookMeta(
    Disagreement,
    program,
    'Values that lost because two wrote at once, each with `take()`, and `keep()` for what is shown. Switch both offline, give the task two titles, and connect them again.',
  ),
  title: 'Hooks/useConflicts',
  tags: ['autodocs'],
}
export default meta

export const Example: HookStory = {
  play: async ({ canvas, userEvent }) => {
    const [ada, lin] = [await clientOf(canvas, 'Ada'), await clientOf(canvas, 'Lin')]
    for (const client of [ada, lin]) await client.findByLabelText('Title', {}, SOON)
    for (const client of [ada, lin]) await toggleOffline(client, userEvent)
    await userEvent.type(ada.getByLabelText('Title'), 'A')
    await userEvent.type(lin.getByLabelText('Title'), 'L')
    for (const client of [ada, lin]) await toggleOffline(client, userEvent)
    const group = { name: 'Two wrote the title at once' }
    const here = await ada.findByRole('group', group, SOON)
    await expect(await lin.findByRole('group', group, SOON)).toBeVisible()
    await userEvent.click(within(here).getByRole('button', { name: /^Take “Fix login[AL]” of/ }))
    for (const client of [ada, lin]) await waitFor(() => expect(client.queryByRole('group', group)).toBeNull(), SOON)
    await expect(lin.getByLabelText('Title').getAttribute('value')).toBe(
      ada.getByLabelText('Title').getAttribute('value'),
    )
  },
}
