import type { Meta } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { clientOf, hookMeta, type HookStory } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { TwoClients } from '../scenes/two-clients.js'
import { OneOfTwo, Scratchpad } from './examples/store-provider.js'
import program from './examples/store-provider.tsx?raw'
import { Tasks } from './examples/use-collection.js'

const meta: Meta<typeof Scratchpad> = {
  ...hookMeta(
    Scratchpad,
    program,
    "Gives a store to the hooks below, and shows `fallback` until what they read is open. `store` takes the app's own; `create` makes one that lives as long as the provider.",
  ),
  title: 'Hooks/StoreProvider',
  tags: ['autodocs'],
}
export default meta

export const Example: HookStory = {
  play: async ({ canvas, userEvent }) => {
    const ada = await clientOf(canvas, 'Ada')
    await userEvent.click(ada.getByRole('button', { name: 'Open my own list' }))
    const add = await ada.findByRole('button', { name: 'Add' }, SOON)
    await expect(ada.queryByText(/^Fix login/)).toBeNull()
    await userEvent.click(add)
    await expect(await ada.findByText(/^New task/, {}, SOON)).toBeVisible()
    // It is gone with what showed it.
    await userEvent.click(ada.getByRole('button', { name: 'Close my own list' }))
    await userEvent.click(ada.getByRole('button', { name: 'Open my own list' }))
    await ada.findByRole('button', { name: 'Add' }, SOON)
    await expect(ada.queryByText(/^New task/)).toBeNull()
  },
}

/** With another `store` the same components show and write that one. */
export const AnotherStore: HookStory = {
  render: () => (
    <TwoClients>
      <OneOfTwo>
        <Tasks />
      </OneOfTwo>
    </TwoClients>
  ),
  play: async ({ canvas, userEvent }) => {
    const [ada, lin] = [await clientOf(canvas, 'Ada'), await clientOf(canvas, 'Lin')]
    await expect(await ada.findByText(/^Fix login/, {}, SOON)).toBeVisible()
    await userEvent.click(ada.getByRole('button', { name: 'My own' }))
    await waitFor(() => expect(ada.queryByText(/^Fix login/)).toBeNull(), SOON)
    await userEvent.click(await ada.findByRole('button', { name: 'Add' }, SOON))
    await expect(await ada.findByText(/^New task/, {}, SOON)).toBeVisible()
    await userEvent.click(ada.getByRole('button', { name: 'Ours' }))
    await userEvent.click(await ada.findByRole('button', { name: 'Delete Fix login' }, SOON))
    await waitFor(() => expect(lin.queryByText(/^Fix login/)).toBeNull(), SOON)
    // What was hers alone never came to him.
    for (const client of [ada, lin]) await expect(client.queryByText(/^New task/)).toBeNull()
  },
}
