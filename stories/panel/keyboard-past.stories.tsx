/** Every action of the frame and of the views of the past, without a pointer. */
import type { Meta } from '@storybook/react-vite'
import { expect, spyOn, waitFor } from 'storybook/test'
import { scatteredAtWork, teamAtWork } from '../recordings/at-work.js'
import { team, withheld } from '../recordings/recordings.js'
import { enter, expectFocus, tabTo, type } from '../scenes/by-keys.js'
import { type Canvas, listOf, panelMeta, type PanelStory, SOON } from '../scenes/panel-meta.js'
import type { ShownPanel } from '../scenes/shown-panel.js'

const meta: Meta<typeof ShownPanel> = {
  ...panelMeta,
  title: 'Panel/By keys alone/Past',
  args: { recording: team, view: 'timeline' },
}
export default meta

const button = (canvas: Canvas, name: string | RegExp) => (): HTMLElement => canvas.getAllByRole('button', { name })[0]!
const grid = (canvas: Canvas, name: string) => (): HTMLElement => canvas.getByRole('grid', { name })
const moment = (canvas: Canvas): HTMLElement => canvas.getByRole('slider', { name: 'Moment' })
const position = (canvas: Canvas): number => Number(moment(canvas).getAttribute('aria-valuenow'))

/** Views, panes, time: all that stands around what a view shows. */
export const Frame: PanelStory = {
  args: { recording: withheld },
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Timeline')
    const tab = (name: string) => (): HTMLElement => canvas.getByRole('tab', { name })
    await tabTo(userEvent, tab('Timeline'))
    await type(userEvent, '{ArrowDown}')
    await expectFocus(tab('Graph'))
    await type(userEvent, '{End}')
    await expectFocus(tab('Bisect'))
    await type(userEvent, '{Home}')

    const border = (): HTMLElement => canvas.getByRole('separator', { name: 'Details' })
    const size = (): number => Number(border().getAttribute('aria-valuenow'))
    await tabTo(userEvent, border)
    const before = size()
    await type(userEvent, '{ArrowLeft}')
    await expect(size()).toBeGreaterThan(before)
    await type(userEvent, '{Home}')
    await expect(size()).toBeLessThan(before)
    await type(userEvent, '{Enter}')
    await expect(size()).toBe(before)

    await tabTo(userEvent, () => moment(canvas))
    await type(userEvent, '{PageDown}')
    await type(userEvent, '{ArrowDown}')
    const all = Number(moment(canvas).getAttribute('aria-valuemax'))
    await waitFor(() => expect(position(canvas)).toBe(all - 11))
    await type(userEvent, '+')
    const zoomed = (): HTMLElement => canvas.getByTitle('Show all of it (0)')
    await expect(zoomed()).toBeVisible()
    await type(userEvent, ',')
    await type(userEvent, '0')
    await type(userEvent, '+')
    await enter(userEvent, zoomed)
    // The button is gone: what it lay upon has the focus.
    await expectFocus(() => moment(canvas))

    await tabTo(userEvent, button(canvas, 'One action back'))
    await type(userEvent, '{Enter}')
    await waitFor(() => expect(position(canvas)).toBe(all - 12))
    await type(userEvent, ']')
    await type(userEvent, '{Shift>}{ArrowLeft}{/Shift}')
    await type(userEvent, '[[')
    await enter(userEvent, button(canvas, 'Loop'))
    await expect(button(canvas, 'Loop')()).toHaveAttribute('aria-pressed', 'true')
    await tabTo(userEvent, button(canvas, 'Play'))
    await type(userEvent, '{Enter}')
    await expect(button(canvas, 'Pause')()).toBeVisible()
    await type(userEvent, '{Enter}')
    await enter(userEvent, button(canvas, 'To the beginning'))
    await waitFor(() => expect(position(canvas)).toBe(0))
    // It can do no more, and stays where it was.
    await expectFocus(button(canvas, 'To the beginning'))
    await enter(userEvent, button(canvas, 'Back to live'))
    await waitFor(() => expect(moment(canvas)).toHaveAttribute('aria-valuetext', 'live'))
    await type(userEvent, 'x')
    await expect(canvas.queryByRole('button', { name: 'Copy range as test' })).toBeNull()
  },
}

export const AllKeys: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Timeline')
    await enter(userEvent, button(canvas, 'All keys'))
    const sheet = canvas.getByRole('dialog', { name: 'All keys' })
    await expect(sheet).toBeVisible()
    await expectFocus(button(canvas, 'Close'))
    await type(userEvent, '{Enter}')
    await waitFor(() => expect(sheet).not.toBeInTheDocument())
    await expectFocus(button(canvas, 'All keys'))
  },
}

export const Timeline: PanelStory = {
  args: { recording: teamAtWork },
  play: async ({ canvas, userEvent }) => {
    const copied = spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    await listOf(canvas, 'Timeline')
    const rows = grid(canvas, 'Timeline')
    const filter = (): HTMLElement => canvas.getByRole('combobox', { name: 'Filter' })
    // Where nothing has the focus yet, down goes to the list.
    await type(userEvent, '{ArrowDown}')
    await expectFocus(rows)
    await type(userEvent, '{PageDown}')
    await type(userEvent, '{ArrowUp}')
    await expect(canvas.getAllByRole('row', { selected: true })).toHaveLength(1)

    await type(userEvent, '/')
    await expectFocus(filter)
    await type(userEvent, 'unicorn')
    await enter(userEvent, () => canvas.getByText('Clear the filter', { selector: '.note button' }))
    await expectFocus(rows)
    await type(userEvent, '/')
    await type(userEvent, 'field:notes')
    await enter(userEvent, () => canvas.getByRole('button', { name: 'Clear the filter' }))
    await expectFocus(filter)
    await type(userEvent, 'field:notes')
    await waitFor(() => expect(canvas.getAllByRole('row').length).toBeLessThan(8))
    await tabTo(userEvent, rows)
    await type(userEvent, '{ArrowDown}')

    await enter(userEvent, button(canvas, 'notes'))
    const story = (): HTMLElement => canvas.getByRole('list', { name: 'History of notes' })
    const before = position(canvas)
    await enter(userEvent, () => story().querySelector<HTMLElement>('li:last-child button')!)
    await waitFor(() => expect(position(canvas)).toBeLessThan(before))
    await enter(userEvent, button(canvas, /^Copy commit/))
    await expect(copied).toHaveBeenLastCalledWith(expect.stringMatching(/^[0-9a-f]{64}$/))
    await enter(userEvent, button(canvas, 'Copy link'))
    await expect(copied).toHaveBeenLastCalledWith(expect.stringMatching(/^ibex:/))
    await type(userEvent, '{Escape}')
    await expect(canvas.queryByText('Copied.')).toBeNull()

    await enter(userEvent, button(canvas, 'Restore to here'))
    await expect(await canvas.findByText('Restored, as a new action.', {}, SOON)).toBeInTheDocument()
    await enter(userEvent, button(canvas, 'Revert'))
    await expect(await canvas.findByText('Reverted, as a new action.', {}, SOON)).toBeInTheDocument()
    await enter(userEvent, button(canvas, 'Dismiss'))
    await expectFocus(rows)
    // Twice from the field: empty, then back to the list.
    await type(userEvent, '/')
    await type(userEvent, '{Escape}')
    await expect(filter()).toHaveValue('')
    await type(userEvent, '{Escape}')
    await expectFocus(rows)
  },
}

export const Graph: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    const copied = spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    await listOf(canvas, 'Timeline')
    await type(userEvent, '{ArrowDown}')
    await type(userEvent, 'g')
    await expectFocus(grid(canvas, 'Graph'))
    await type(userEvent, '{PageDown}')
    await type(userEvent, '{ArrowDown}')
    await expect(canvas.getAllByRole('row', { selected: true })).toHaveLength(1)
    await enter(userEvent, button(canvas, /^Copy parent/))
    await expect(copied).toHaveBeenCalledTimes(1)
  },
}

export const Items: PanelStory = {
  args: { recording: teamAtWork, view: 'items' },
  play: async ({ canvas, userEvent }) => {
    const list = await listOf(canvas, 'Items')
    const chosen = (): HTMLElement => canvas.getByRole('row', { selected: true })
    await tabTo(userEvent, () => list)
    await type(userEvent, '{ArrowDown}')
    await expect(chosen()).toHaveAttribute('aria-expanded', 'true')
    await type(userEvent, '{Enter}')
    await expect(chosen()).toHaveAttribute('aria-expanded', 'false')
    // The other schema is not behind the first.
    await type(userEvent, '{ArrowDown}{ArrowDown}')
    await expect(chosen()).toHaveTextContent('Ada')
    await type(userEvent, '{ArrowUp}{ArrowUp}{ArrowRight}')
    await expect(chosen()).toHaveAttribute('aria-expanded', 'true')
    await type(userEvent, '{ArrowLeft}')
    await expect(chosen()).toHaveAttribute('aria-expanded', 'false')
    await type(userEvent, '{Enter}')

    await type(userEvent, '/')
    await type(userEvent, 't-9')
    await type(userEvent, '{Escape}{Escape}')
    await expectFocus(() => list)
    await type(userEvent, '{ArrowDown}{ArrowDown}')
    const edit = button(canvas, 'Edit title')
    await enter(userEvent, edit)
    await expectFocus(() => canvas.getByRole('textbox', { name: 'title' }))
    await type(userEvent, '{Escape}')
    await expectFocus(edit)
    await type(userEvent, '{Enter}')
    await type(userEvent, ', by keys{Enter}')
    await expect(await canvas.findByRole('heading', { name: /, by keys$/ }, SOON)).toBeVisible()
    await expectFocus(edit)
    await enter(userEvent, button(canvas, 'title'))
    await expect(canvas.getByRole('list', { name: 'History of title' })).toBeVisible()
    const before = position(canvas)
    await enter(userEvent, () => list.ownerDocument.querySelector<HTMLElement>('.blame:not(:disabled)')!)
    await waitFor(() => expect(position(canvas)).toBeLessThanOrEqual(before))
  },
}

export const Conflicts: PanelStory = {
  args: { recording: scatteredAtWork, view: 'conflicts' },
  play: async ({ canvas, userEvent }) => {
    const count = async (): Promise<number> =>
      parseInt((await canvas.findByText(/^\d+ conflicts?$/, {}, SOON)).textContent, 10)
    const before = await count()
    await enter(userEvent, button(canvas, 'Take this one instead'))
    await waitFor(async () => expect(await count()).toBeLessThan(before), { timeout: 10_000 })
    // Its card is gone, and the next is at hand.
    await waitFor(() => expect(document.activeElement?.closest('.conflict')).not.toBeNull())
    const link = (): HTMLElement => canvas.getAllByRole('article')[0]!.querySelector<HTMLElement>('.claim-by .link')!
    await enter(userEvent, link)
    await waitFor(() => expect(moment(canvas)).not.toHaveAttribute('aria-valuetext', 'live'))
    await enter(userEvent, () => canvas.getAllByRole('article')[0]!.querySelector<HTMLElement>('.item-name .link')!)
    await expectFocus(() => canvas.getByRole('treegrid', { name: 'Items' }))
  },
}

export const Bisect: PanelStory = {
  args: { view: 'bisect' },
  play: async ({ canvas, userEvent }) => {
    await canvas.findByRole('button', { name: 'Begin' }, SOON)
    await type(userEvent, '{Shift>}{ArrowLeft}{/Shift}')
    const use = (): HTMLElement => canvas.getAllByRole('button', { name: 'Use the shown moment' })[1]!
    await enter(userEvent, use)
    await enter(userEvent, button(canvas, 'now'))
    await enter(userEvent, button(canvas, 'Begin'))
    await expectFocus(button(canvas, 'Good'))
    await enter(userEvent, button(canvas, 'Cannot say'))
    await enter(userEvent, button(canvas, 'Stop'))
    await expectFocus(button(canvas, 'Begin'))
    await type(userEvent, '{Enter}')
    await tabTo(userEvent, button(canvas, 'Bad'))
    for (let question = 0; question < 20 && canvas.queryByRole('button', { name: 'Bad' }); question++) {
      await type(userEvent, '{Enter}')
    }
    await expect(await canvas.findByText(/The first bad action/)).toBeVisible()

    await tabTo(userEvent, () => canvas.getByRole('textbox', { name: /By an expression/ }))
    await type(userEvent, 'item(task, "t-1").owner != "lin"{Enter}')
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Take over' })).toBeVisible(), SOON)
    await enter(userEvent, button(canvas, 'Take over'))
    await expect(canvas.getByRole('heading', { name: 'Take over' })).toBeVisible()
  },
}
