import type { Meta } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { clientOf, hookMeta, type HookStory } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { TwoClients } from '../scenes/two-clients.js'
import { OneOfTwo } from './examples/store-provider.js'
import { FinishAll } from './examples/use-store.js'
import program from './examples/use-store.tsx?raw'

const meta: Meta<typeof FinishAll> = {
  ...hookMeta(
    FinishAll,
    program,
    'The store itself: for what belongs together (`transact`), for `history()`, `export()`, `setOffline()` and the like. Does not re-render.',
  ),
  title: 'Hooks/useStore',
  tags: ['autodocs'],
}
export default meta

export const Example: HookStory = {
  play: async ({ canvas, userEvent }) => {
    const [ada, lin] = [await clientOf(canvas, 'Ada'), await clientOf(canvas, 'Lin')]
    await userEvent.click(ada.getByRole('button', { name: 'Finish all' }))
    await expect(ada.getByText('0 to do in main')).toBeVisible()
    await expect(await lin.findByText('0 to do in main', {}, SOON)).toBeVisible()
  },
}

/** Where another provider stands in between, or another store in it, it is that one's. */
export const OfTheNearestProvider: HookStory = {
  render: () => (
    <TwoClients>
      <OneOfTwo>
        <FinishAll />
      </OneOfTwo>
    </TwoClients>
  ),
  play: async ({ canvas, userEvent }) => {
    const ada = await clientOf(canvas, 'Ada')
    await expect(await ada.findByText('3 to do in main', {}, SOON)).toBeVisible()
    await userEvent.click(ada.getByRole('button', { name: 'My own' }))
    await expect(await ada.findByText('0 to do in scratch', {}, SOON)).toBeVisible()
    await userEvent.click(ada.getByRole('button', { name: 'Ours' }))
    await userEvent.click(await ada.findByRole('button', { name: 'Finish all' }, SOON))
    await expect(await ada.findByText('0 to do in main', {}, SOON)).toBeVisible()
  },
}
