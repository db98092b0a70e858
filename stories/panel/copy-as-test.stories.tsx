import type { Meta } from '@storybook/react-vite'
import { expect, spyOn, waitFor } from 'storybook/test'
import { team } from '../recordings/recordings.js'
import { listOf, panelMeta, type PanelStory, press, SOON } from '../scenes/panel-meta.js'
import type { ShownPanel } from '../scenes/shown-panel.js'

const meta: Meta<typeof ShownPanel> = {
  ...panelMeta,
  title: 'Panel/Copy as test',
  args: { recording: team, view: 'timeline' },
}
export default meta

/** What an action did, as a test that holds how things were before and after it. */
export const OfAnAction: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    const copied = spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    const list = await listOf(canvas, 'Timeline')
    await press(list, userEvent, '{ArrowDown}{ArrowDown}')
    await userEvent.click(canvas.getByRole('button', { name: 'Copy as test' }))
    await waitFor(() => expect(canvas.getByText(/^Copied/)).toBeVisible(), SOON)
    await expect(copied.mock.lastCall?.[0]).toContain("import { openReplay } from 'ibex-state/testing'")
  },
}

/** The same of a range, by keys: `[` and `]` choose it, `y` copies. */
export const OfARange: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    const copied = spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    const list = await listOf(canvas, 'Timeline')
    await press(list, userEvent, '{Shift>}{ArrowLeft}{/Shift}')
    await press(list, userEvent, ']')
    await press(list, userEvent, '{ArrowLeft}')
    await press(list, userEvent, '{ArrowLeft}')
    await press(list, userEvent, '[[')
    await expect(await canvas.findByRole('button', { name: 'Copy range as test' })).toBeVisible()
    await press(list, userEvent, 'y')
    await waitFor(() => expect(copied.mock.lastCall?.[0]).toContain('test("3 actions until '), SOON)
  },
}
