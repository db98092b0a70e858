import type { Meta } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { clientOf, hookMeta, type HookStory } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { Projects } from './examples/repository-provider.js'
import program from './examples/repository-provider.tsx?raw'

const meta: Meta<typeof Projects> = {
  ...hookMeta(
    Projects,
    program,
    'Lets the hooks below mean another repository: its items, history and rights are its own. A single hook takes `{ in: path }`.',
  ),
  title: 'Hooks/RepositoryProvider',
  tags: ['autodocs'],
}
export default meta

export const Example: HookStory = {
  play: async ({ canvas, userEvent }) => {
    const [ada, lin] = [await clientOf(canvas, 'Ada'), await clientOf(canvas, 'Lin')]
    for (const client of [ada, lin]) await userEvent.click(client.getByRole('button', { name: '/data/garden' }))
    await userEvent.click(await ada.findByRole('button', { name: 'Add' }, SOON))
    await expect(await lin.findByText(/^New task/, {}, SOON)).toBeVisible()
    await expect(lin.queryByText(/^Fix login/)).toBeNull()
    // Nor is what is new there here.
    await userEvent.click(lin.getByRole('button', { name: '/data/main' }))
    await expect(await lin.findByText(/^Fix login/, {}, SOON)).toBeVisible()
    await expect(lin.queryByText(/^New task/)).toBeNull()
  },
}
