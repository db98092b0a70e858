import type { Meta } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { clientOf, hookMeta, type HookStory } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { Lists } from './examples/use-collection.js'
import program from './examples/use-collection.tsx?raw'

const meta: Meta<typeof Lists> = {
  ...hookMeta(
    Lists,
    program,
    "One schema's items, to create, get, change and query in event handlers. Does not re-render. It is of the repository around, or of the one that is named.",
  ),
  title: 'Hooks/useCollection',
  tags: ['autodocs'],
}
export default meta

export const Example: HookStory = {
  play: async ({ canvas, userEvent }) => {
    const [ada, lin] = [await clientOf(canvas, 'Ada'), await clientOf(canvas, 'Lin')]
    await userEvent.click(ada.getByRole('button', { name: 'Add' }))
    await expect(await lin.findByText(/^New task/, {}, SOON)).toBeVisible()
    await userEvent.click(lin.getByRole('button', { name: 'Delete Fix login' }))
    await waitFor(() => expect(ada.queryByText(/^Fix login/)).toBeNull(), SOON)
  },
}

/** In another repository the same component writes there. */
export const InAnotherRepository: HookStory = {
  play: async ({ canvas, userEvent }) => {
    const [ada, lin] = [await clientOf(canvas, 'Ada'), await clientOf(canvas, 'Lin')]
    await userEvent.click(ada.getByRole('button', { name: '/data/garden' }))
    await waitFor(() => expect(ada.queryByText(/^Fix login/)).toBeNull(), SOON)
    await userEvent.click(await ada.findByRole('button', { name: 'Add' }, SOON))
    await expect(await ada.findByText(/^New task/, {}, SOON)).toBeVisible()
    await userEvent.click(lin.getByRole('button', { name: '/data/garden' }))
    await expect(await lin.findByText(/^New task/, {}, SOON)).toBeVisible()
    await userEvent.click(lin.getByRole('button', { name: '/data/main' }))
    await expect(await lin.findByText(/^Fix login/, {}, SOON)).toBeVisible()
    await expect(lin.queryByText(/^New task/)).toBeNull()
  },
}
