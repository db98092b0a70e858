import type { Meta } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { clientOf, hookMeta, type HookStory } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { Verify } from './examples/use-repository-history.js'
import program from './examples/use-repository-history.tsx?raw'

const meta: Meta<typeof Verify> = {
  ...hookMeta(
    Verify,
    program,
    'The history itself, to be asked in event handlers and effects: `revertTo`, `diff`, `bisect`, `verify`. Does not re-render.',
  ),
  title: 'Hooks/useRepositoryHistory',
  tags: ['autodocs'],
}
export default meta

export const Example: HookStory = {
  play: async ({ canvas, userEvent }) => {
    const [ada, lin] = [await clientOf(canvas, 'Ada'), await clientOf(canvas, 'Lin')]
    const verify = async (path: string): Promise<number> => {
      await userEvent.click(await lin.findByRole('button', { name: 'Verify everything' }, SOON))
      const said = await lin.findByText(new RegExp(`^${path}: \\d`), {}, SOON)
      return Number(/(\d+) of \d+ commits hold/.exec(said.textContent)?.[1])
    }
    const before = await verify('/data/main')
    await expect(before).toBeGreaterThan(0)
    // What is written from now on is a part of it.
    await userEvent.click(ada.getByRole('button', { name: '▲ 0' }))
    await expect(await lin.findByRole('button', { name: '▲ 1' }, SOON)).toBeVisible()
    await waitFor(async () => expect(await verify('/data/main')).toBeGreaterThan(before), SOON)
    // Another repository has another history.
    await userEvent.click(lin.getByRole('button', { name: '/data/garden' }))
    await expect(await verify('/data/garden')).toBe(0)
  },
}
