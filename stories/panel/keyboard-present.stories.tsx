/** Every action of the views of how things stand, without a pointer. */
import type { Meta } from '@storybook/react-vite'
import { expect, fn, spyOn, waitFor } from 'storybook/test'
import { asking, nothing, offline, refusedAtWork, teamAtWork } from '../recordings/at-work.js'
import { enter, expectFocus, tabTo, type } from '../scenes/by-keys.js'
import { type Canvas, listOf, panelMeta, type PanelStory, SOON } from '../scenes/panel-meta.js'
import type { ShownPanel } from '../scenes/shown-panel.js'

const meta: Meta<typeof ShownPanel> = {
  ...panelMeta,
  title: 'Panel/By keys alone/Present',
  args: { recording: teamAtWork, view: 'queries' },
}
export default meta

const button = (canvas: Canvas, name: string | RegExp) => (): HTMLElement => canvas.getAllByRole('button', { name })[0]!
const said = (canvas: Canvas, text: string | RegExp): Promise<void> =>
  waitFor(() => expect(canvas.getByText(text, { selector: '.notice span' })).toBeVisible(), SOON)
/** What the browser was asked to save. */
const saved = () => spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(fn())

export const Queries: PanelStory = {
  args: { recording: asking },
  play: async ({ canvas, userEvent }) => {
    const list = await listOf(canvas, 'Queries')
    await tabTo(userEvent, () => list)
    await type(userEvent, '{ArrowDown}{ArrowDown}')
    await enter(userEvent, button(canvas, 'Highlight in the page'))
    await expect(button(canvas, 'Highlight in the page')()).toHaveAttribute('aria-pressed', 'true')
    await type(userEvent, '{Enter}')
    await expect(button(canvas, 'Highlight in the page')()).toHaveAttribute('aria-pressed', 'false')
  },
}

export const Sync: PanelStory = {
  args: { view: 'sync' },
  play: async ({ canvas, userEvent }) => {
    const cut = (): HTMLElement => canvas.getByRole('switch', { name: 'Offline' })
    await canvas.findByRole('switch', { name: 'Offline' }, SOON)
    await enter(userEvent, cut)
    await waitFor(() => expect(cut()).toHaveAttribute('aria-checked', 'true'), SOON)
    await type(userEvent, '{Enter}')
    await waitFor(() => expect(cut()).toHaveAttribute('aria-checked', 'false'), SOON)
    await tabTo(userEvent, () => canvas.getByRole('textbox', { name: /Delay/ }))
    await type(userEvent, '{Backspace}40')
    await tabTo(userEvent, () => canvas.getByRole('textbox', { name: /Loss/ }))
    await type(userEvent, '{Enter}')
    await said(canvas, /^The network is worse/)
    await enter(userEvent, button(canvas, 'Apply'))
    await tabTo(userEvent, () => canvas.getByRole('combobox', { name: 'Network' }))
  },
}

/** What is only here, and the way to it. */
export const Different: PanelStory = {
  args: { recording: offline, view: 'sync' },
  play: async ({ canvas, userEvent }) => {
    const copied = spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    await canvas.findByRole('button', { name: /^Copy head/ }, SOON)
    await enter(userEvent, button(canvas, /^Copy head/))
    await expect(copied).toHaveBeenCalledTimes(1)
    await enter(userEvent, button(canvas, /peers?$/))
    await expect(canvas.getByRole('tab', { name: 'Sync' })).toHaveAttribute('aria-selected', 'true')
  },
}

export const Rejected: PanelStory = {
  args: { recording: refusedAtWork, view: 'rejected' },
  play: async ({ canvas, userEvent }) => {
    const save = saved()
    const cards = (): HTMLElement[] => canvas.queryAllByRole('article', { name: /^Refused/ })
    await canvas.findAllByRole('article', { name: /^Refused/ }, SOON)
    await enter(userEvent, button(canvas, 'Export'))
    await expect(save).toHaveBeenCalledTimes(1)
    await enter(userEvent, button(canvas, 'Edit and retry'))
    await tabTo(userEvent, () => cards()[0]!.querySelector('textarea')!)
    await type(userEvent, '{Escape}')
    await waitFor(() => expect(cards()[0]!.querySelector('textarea')).toBeNull())
    await expect(cards()[0]!.contains(document.activeElement)).toBe(true)

    await enter(userEvent, button(canvas, 'Discard …'))
    // Whoever presses Enter once too often keeps it.
    await expectFocus(button(canvas, 'Keep'))
    await type(userEvent, '{Enter}')
    await expectFocus(button(canvas, 'Discard …'))
    await type(userEvent, '{Enter}')
    await expectFocus(button(canvas, 'Keep'))
    await userEvent.tab({ shift: true })
    await type(userEvent, '{Enter}')
    await waitFor(() => expect(cards()).toHaveLength(1), SOON)
    await expectFocus(() => cards()[0]!.querySelector<HTMLElement>('button')!)
    await enter(userEvent, button(canvas, 'Retry'))
    await said(canvas, 'Tried again.')
  },
}

export const Storage: PanelStory = {
  args: { recording: nothing, view: 'storage' },
  play: async ({ canvas, userEvent }) => {
    const save = saved()
    await canvas.findByRole('button', { name: 'Verify now' }, SOON)
    await enter(userEvent, button(canvas, 'Verify now'))
    await expect(await canvas.findByText(/nothing is wrong/, {}, SOON)).toBeVisible()
    await tabTo(userEvent, () => canvas.getByRole('textbox', { name: 'Title of the recording' }))
    await type(userEvent, 'By keys{Enter}')
    await said(canvas, 'Recorded.')
    await expect(save).toHaveBeenCalledTimes(1)
    await enter(userEvent, button(canvas, 'Export'))
    await said(canvas, 'Exported.')
    const choose = spyOn(HTMLInputElement.prototype, 'click').mockImplementation(fn())
    await enter(userEvent, button(canvas, 'Open a recording …'))
    await enter(userEvent, button(canvas, 'Import …'))
    await expect(choose).toHaveBeenCalledTimes(2)

    await enter(userEvent, button(canvas, 'Clear …'))
    await expectFocus(() => canvas.getByRole('textbox', { name: /^Type/ }))
    await type(userEvent, 'ma{Escape}')
    await expectFocus(button(canvas, 'Clear …'))
    await type(userEvent, '{Enter}')
    await type(userEvent, 'main{Enter}')
    await said(canvas, 'Cleared.')
  },
}
