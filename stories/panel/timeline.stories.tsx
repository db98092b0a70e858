import type { Meta } from '@storybook/react-vite'
import { expect, fireEvent, fn, waitFor, within } from 'storybook/test'
import {
  disputedAtWork,
  maskedAtWork,
  newDevice,
  nothing,
  offline,
  restyledAtWork,
  slowLongAgo,
  teamAtWork,
} from '../recordings/at-work.js'
import { long, refused, team, undone, withheld } from '../recordings/recordings.js'
import { type Canvas, listOf, panelMeta, type PanelStory, press, SOON } from '../scenes/panel-meta.js'
import type { ShownPanel } from '../scenes/shown-panel.js'

const meta: Meta<typeof ShownPanel> = {
  ...panelMeta,
  title: 'Panel/Timeline',
  args: { recording: team, view: 'timeline' },
}
export default meta

/** What happened, the newest on top; it follows. */
export const Live: PanelStory = {
  play: async ({ canvas }) => {
    await listOf(canvas, 'Timeline')
    await expect(canvas.getByRole('article', { name: 'Action' })).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Back to live' })).toHaveAttribute('aria-disabled', 'true')
  },
}

/** An action that changed very many items shows some, and more as one wishes. */
export const ManyItems: PanelStory = {
  args: { recording: disputedAtWork },
  play: async ({ canvas, userEvent }) => {
    const list = await listOf(canvas, 'Timeline')
    await waitFor(() => expect(within(list).getAllByRole('row').length).toBeGreaterThan(2), SOON)
    const detail = await canvas.findByRole('article', { name: 'Action' })
    const items = (): number => within(detail).getAllByRole('region').length
    await waitFor(() => expect(items()).toBe(50))
    await userEvent.click(within(detail).getByRole('button', { name: '180 more items …' }))
    await waitFor(() => expect(items()).toBe(100))
    await expect(within(detail).getByRole('button', { name: '130 more items …' })).toBeVisible()
  },
}

/** The link of a moment, pasted where a filter is typed. */
export const Linked: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Timeline')
    await userEvent.click(canvas.getByLabelText('Filter'))
    await userEvent.paste('ibex:A%20team%20at%20work/data/main@start')
    await expect(await canvas.findByText('Before the first action.')).toBeVisible()
    await expect(canvas.getByLabelText('Filter')).toHaveValue('')
    await userEvent.paste('ibex:other/data/main@start')
    // It rises into sight.
    await waitFor(() => expect(canvas.getByText(/^That moment is one of the store “other”/)).toBeVisible())
  },
}

/** The page joined late: older commits are named by an index, and fetched when one wants them. */
export const FromAKeyframe: PanelStory = {
  args: { recording: newDevice },
  play: async ({ canvas, userEvent }) => {
    const list = await listOf(canvas, 'Timeline')
    await expect(canvas.getByText(/^This page does not have older commits yet/)).toBeVisible()
    // The index comes, and then what is looked at.
    await waitFor(() => expect(within(list).getAllByRole('row').length).toBeGreaterThan(10), SOON)
    await waitFor(() => expect(within(list).queryByText('On its way …')).toBeNull(), SOON)
    // The strip says when all of them were, and comes only to where moments begin.
    await expect(canvas.getByText(/^1\d\d commits$/)).toBeInTheDocument()
    const strip = canvas.getByRole('slider', { name: 'Moment' })
    await fireEvent.pointerMove(strip, { clientX: 300 })
    await expect(canvas.getByText(/· not here yet$/)).toBeVisible()
    // More may have come since, and the beginning lies before it. It is an action without a parent, or before any action.
    await waitFor(async () => {
      await press(list, userEvent, '{Home}')
      await expect(canvas.getByText(/not read yet/)).toBeVisible()
    }, SOON)
    await expect(canvas.queryByText('Before the first action.')).toBeNull()
  },
}

/** The page has them, and they are on their way: the newest moment can be looked at meanwhile. */
export const Coming: PanelStory = {
  args: { recording: slowLongAgo },
  play: async ({ canvas }) => {
    await listOf(canvas, 'Timeline')
    await expect(await canvas.findByText(/^Older commits are coming/, {}, SOON)).toBeVisible()
    await expect(canvas.getByRole('progressbar', { name: 'Commits read' })).toBeVisible()
    await expect(canvas.getByRole('article', { name: 'Action' })).toBeVisible()
  },
}

/** What a page had not, once it was fetched. */
export const Fetched: PanelStory = {
  args: { recording: newDevice },
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Timeline')
    await userEvent.click(canvas.getByRole('button', { name: 'Fetch' }))
    // It rises into sight.
    await waitFor(() => expect(canvas.getByText('All of the history is here.')).toBeVisible(), SOON)
    await expect(canvas.queryByText(/older commits yet/)).toBeNull()
    await press(await listOf(canvas, 'Timeline'), userEvent, '{Home}')
    await expect(await canvas.findByText('Before the first action.', {}, SOON)).toBeVisible()
  },
}

/** Only seals, or only what people did. */
export const OneKind: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Timeline')
    await userEvent.type(canvas.getByLabelText('Filter'), 'kind:seal')
    const list = await listOf(canvas, 'Timeline')
    await waitFor(() => expect(within(list).queryByText(/^task/)).toBeNull())
    await expect(within(list).getAllByRole('row').length).toBeGreaterThan(2)
    // Not of so many actions.
    await expect(canvas.getByText('39')).toBeVisible()
  },
}

/** An earlier moment: what came later is pale, in every view. */
export const Past: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    const list = await listOf(canvas, 'Timeline')
    const before = canvas.getByRole('slider', { name: 'Moment' }).getAttribute('aria-valuenow')
    await press(list, userEvent, '{ArrowLeft}')
    await press(list, userEvent, '{Shift>}{ArrowLeft}{/Shift}')
    await expect(canvas.getByRole('slider', { name: 'Moment' })).toHaveAttribute(
      'aria-valuenow',
      String(Number(before) - 11),
    )
    await expect(canvas.getAllByRole('row', { selected: true })).toHaveLength(1)
    await press(list, userEvent, '{Home}')
    await expect(await canvas.findByText('Before the first action.', {}, SOON)).toBeVisible()
    await press(list, userEvent, '{End}')
    await expect(canvas.getByRole('button', { name: 'Back to live' })).toHaveAttribute('aria-disabled', 'true')
    await press(list, userEvent, '{Shift>}{ArrowLeft}{/Shift}')
  },
}

/** Of a JSON value it says what of it changed, by its path. */
export const PartOfAValue: PanelStory = {
  args: { recording: restyledAtWork },
  play: async ({ canvas }) => {
    await listOf(canvas, 'Timeline')
    const detail = within(canvas.getByRole('article', { name: 'Action' }))
    await expect(await detail.findByText('size.width', {}, SOON)).toBeVisible()
    await expect(detail.getByText('480')).toBeVisible()
    await expect(detail.getByText('“indigo”')).toBeVisible()
    await expect(detail.queryByText('pinned')).toBeNull()
  },
}

/** A stretch of time is chosen by two keys, or by dragging: space plays only that. */
export const Range: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    const list = await listOf(canvas, 'Timeline')
    await press(list, userEvent, '{Shift>}{ArrowLeft}{ArrowLeft}{/Shift}')
    await press(list, userEvent, ']')
    await press(list, userEvent, '{Shift>}{ArrowLeft}{ArrowLeft}{/Shift}')
    await press(list, userEvent, '[[')
    await press(list, userEvent, ' ')
    await expect(canvas.getByRole('button', { name: 'Pause' })).toBeVisible()
    await press(list, userEvent, ' ')
    await expect(canvas.getByRole('button', { name: 'Play' })).toBeVisible()
  },
}

export const Filtered: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    const list = await listOf(canvas, 'Timeline')
    list.focus()
    await userEvent.keyboard('/')
    await userEvent.keyboard('author:li field:title')
    const rows = await waitFor(() => {
      const found = canvas.getAllByRole('row').slice(1)
      void expect(found.length).toBeLessThan(16)
      return found
    })
    for (const row of rows) {
      await expect(row).toHaveTextContent('lin')
      await expect(row).toHaveTextContent(/title|Create task/)
    }
  },
}

export const NothingFits: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Timeline')
    await userEvent.type(canvas.getByRole('combobox', { name: 'Filter' }), 'text:unicorn')
    await expect(await canvas.findByText('No action fits the filter.')).toBeVisible()
  },
}

/** What cannot be understood of a filter is said, and what can be counts. */
export const FilterNotUnderstood: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Timeline')
    await userEvent.type(canvas.getByRole('combobox', { name: 'Filter' }), 'colour:red author:ada')
    await expect(await canvas.findByText(/There is no colour:/)).toBeVisible()
  },
}

export const Empty: PanelStory = {
  args: { recording: nothing },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Nothing is recorded yet.', { selector: '.note-title' }, SOON)).toBeVisible()
  },
}

/** Refused actions stay where they were, struck out; what the server does not know yet is amber. */
export const Refused: PanelStory = {
  args: { recording: refused },
  play: async ({ canvas }) => {
    await listOf(canvas, 'Timeline')
    await expect(canvas.getAllByText('Refused').length).toBeGreaterThan(0)
  },
}

export const Pending: PanelStory = {
  args: { recording: offline },
  play: async ({ canvas }) => {
    await listOf(canvas, 'Timeline')
    await expect(await canvas.findByText(/^\d+ pending$/)).toBeVisible()
    await expect(canvas.getAllByText('provisional').length).toBeGreaterThan(4)
  },
}

export const Undone: PanelStory = {
  args: { recording: undone },
  play: async ({ canvas }) => {
    await listOf(canvas, 'Timeline')
    await expect(canvas.getAllByText('undone').length).toBeGreaterThan(0)
  },
}

/** Several days; pauses over night take no room. */
export const Large: PanelStory = {
  args: { recording: long },
  play: async ({ canvas, userEvent }) => {
    const list = await listOf(canvas, 'Timeline')
    const rows = (): Element[] => [...list.querySelectorAll('.grid-row')]
    await expect(rows().length).toBeLessThan(80)
    // It goes over several days, and each row says which.
    for (const time of list.querySelectorAll('.grid-row time')) await expect(time).toHaveTextContent(/^\d\d-\d\d \d\d:/)
    await press(list, userEvent, '{Home}')
    await press(list, userEvent, '{ArrowRight}')
    const before = rows()
    await press(list, userEvent, '{End}')
    // Each row that was drawn says something else now, and none was made or moved for it.
    const places = rows().map((row) => before.indexOf(row))
    await expect(places.length).toBeGreaterThan(10)
    await expect(places).toEqual(places.toSorted((a, b) => a - b))
    await expect(places).not.toContain(-1)
    // Also when one scrolls in the very frame of a jump, the jump comes last: nothing is drawn as after a scroll.
    await press(list, userEvent, '{Home}')
    await press(list, userEvent, '{ArrowRight}')
    requestAnimationFrame(() => {
      list.scrollTop -= 200
      list.dispatchEvent(new Event('scroll'))
    })
    list.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }))
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    await expect(rows()).toHaveLength(before.length)
    // One moment everywhere: a list that comes later begins where it is.
    await press(list, userEvent, '{Home}')
    await press(list, userEvent, '{ArrowRight}')
    await userEvent.click(canvas.getByRole('tab', { name: 'Graph' }))
    const graph = await listOf(canvas, 'Graph')
    const row = await within(graph).findByRole('row', { selected: true })
    await expect(row.getBoundingClientRect().bottom).toBeLessThanOrEqual(graph.getBoundingClientRect().bottom)
    await expect(row.getBoundingClientRect().top).toBeGreaterThan(graph.getBoundingClientRect().top)
  },
}

/** Moments pass by faster than one reads: each frame draws a part of the rows, and once that rests they are all there. */
export const Passing: PanelStory = {
  args: { recording: long },
  play: async ({ canvas }) => {
    const list = await listOf(canvas, 'Timeline')
    /** From top to bottom. */
    const drawn = (): { top: number; number: number; chosen: boolean }[] =>
      [...list.querySelectorAll('.grid-row')]
        .map((row) => ({
          top: row.getBoundingClientRect().top,
          number: Number(row.getAttribute('aria-rowindex')),
          chosen: row.getAttribute('aria-selected') === 'true',
        }))
        .sort((a, b) => a.top - b.top)
    list.focus()
    const frames = [drawn()]
    // Before the first action nothing is chosen; then it jumps to the bottom, and to the top again.
    for (const key of Array.from({ length: 6 }, () => ['Home', 'ArrowRight', 'End']).flat()) {
      list.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      frames.push(drawn())
    }
    const others = frames.map(
      (rows, i) => rows.filter(({ number }, at) => number !== frames[i - 1]?.[at]?.number).length,
    )
    await expect(others.some((count) => count > 0 && count < 20)).toBe(true)
    for (const rows of frames) {
      await expect(rows.filter(({ chosen }) => chosen).length).toBeLessThan(2)
      await expect(rows.every(({ top }, i) => Math.round(top - rows[0]!.top) === i * 20)).toBe(true)
    }
    await waitFor(async () => {
      const rows = drawn()
      await expect(rows.map(({ number }) => number)).toEqual(rows.map((_, i) => rows[0]!.number + i))
    })
    await expect(within(list).getAllByRole('row', { selected: true })).toHaveLength(1)
  },
}

export const History_of_a_field: PanelStory = {
  name: 'History of a field',
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Timeline')
    await userEvent.type(canvas.getByRole('combobox', { name: 'Filter' }), 'field:notes')
    await waitFor(() => expect(canvas.getAllByRole('row').length).toBeLessThan(8))
    await userEvent.click(canvas.getAllByRole('row')[1]!)
    await userEvent.click(await canvas.findByRole('button', { name: 'notes' }))
    await expect(canvas.getByRole('list', { name: 'History of notes' }).children).toHaveLength(3)
  },
}

/** A Storybook that was built is a production build: where actions come from is not kept in it. */
const KEEPS_SOURCES = import.meta.env.DEV

/** Chooses the newest action of the page's own user, and asks where it was called. */
async function askForSource(canvas: Canvas, user: { click(element: Element): Promise<void> }): Promise<void> {
  const list = await listOf(canvas, 'Timeline')
  await user.click(within(list).getAllByText('ada')[0]!)
  await user.click(await canvas.findByRole('button', { name: 'Source' }))
}

/** Where in the app's code it was called. The app was looked at only after that. */
export const Source: PanelStory = {
  args: { recording: teamAtWork, openSource: fn(async () => {}) },
  play: async ({ args, canvas, userEvent }) => {
    await askForSource(canvas, userEvent)
    if (!KEEPS_SOURCES) return
    await waitFor(() => expect(canvas.getByText('Opened.')).toBeVisible(), SOON)
    await expect(args.openSource).toHaveBeenCalledWith(
      expect.objectContaining({ file: expect.stringMatching(/scripts/) }),
    )
  },
}

/** There is a way to open it, but nobody who does. */
export const SourceNotOpened: PanelStory = {
  args: {
    recording: teamAtWork,
    openSource: () => Promise.reject(new Error('The development server did not open it.')),
  },
  play: async ({ canvas, userEvent }) => {
    await askForSource(canvas, userEvent)
    if (!KEEPS_SOURCES) return
    await expect(await canvas.findByRole('alert', {}, SOON)).toHaveTextContent(
      'The development server did not open it.',
    )
    await expect(canvas.queryByText('Opened.')).toBeNull()
  },
}

/** What was left out of the data is shown as what it is: not here. */
export const Withheld: PanelStory = {
  args: { recording: withheld },
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Timeline')
    await userEvent.click(canvas.getAllByText('Erased, or not to be read here')[0]!)
    await expect(await canvas.findByText(/was erased, or is withheld/)).toBeVisible()
  },
}

/** What the app does not want to be seen is masked before it leaves the page. */
export const Masked: PanelStory = {
  args: { recording: maskedAtWork },
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Timeline')
    await userEvent.type(canvas.getByRole('combobox', { name: 'Filter' }), 'field:title')
    await waitFor(() => expect(canvas.getAllByText('“•••”').length).toBeGreaterThan(2))
    await expect(canvas.queryByText(/Fix login/)).toBeNull()
  },
}
