import type { Meta } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { clientOf, hookMeta, type HookStory } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { Scratchpad } from './examples/store-provider.js'
import program from './examples/store-provider.tsx?raw'

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
    await userEvent.click(await ada.findByRole('button', { name: 'Add' }, SOON))
    await expect(await ada.findByText(/^New task/, {}, SOON)).toBeVisible()
    // It is hers alone, and gone with what showed it.
    await userEvent.click(ada.getByRole('button', { name: 'Close my own list' }))
    await expect(ada.queryByText(/^New task/)).toBeNull()
  },
}
