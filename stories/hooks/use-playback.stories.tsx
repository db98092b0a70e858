import type { Meta } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { clientOf, hookMeta, type HookStory } from '../scenes/hook-meta.js'
import { SOON } from '../scenes/panel-meta.js'
import { Film } from './examples/use-playback.js'
import program from './examples/use-playback.tsx?raw'

const meta: Meta<typeof Film> = {
  ...hookMeta(
    Film,
    program,
    'A film of what happened: play, pause, step, seek, in real time or by actions a second, over a range, in a loop. Show it with `TimeTravel`.',
  ),
  title: 'Hooks/usePlayback',
  tags: ['autodocs'],
  args: { speed: 4 },
  argTypes: { speed: { control: { type: 'range', min: 0.5, max: 32, step: 0.5 } } },
}
export default meta

export const Example: HookStory<{ speed: number }> = {
  play: async ({ canvas, userEvent }) => {
    const ada = await clientOf(canvas, 'Ada')
    await expect(await ada.findByText('Nothing yet', {}, SOON)).toBeVisible()
    await userEvent.click(ada.getByRole('button', { name: 'Play' }))
    await expect(await ada.findByText('Fix login, Water the plants, Write the release notes', {}, SOON)).toBeVisible()
    await expect(await ada.findByText(/3 of 3/, {}, SOON)).toBeVisible()
  },
}
