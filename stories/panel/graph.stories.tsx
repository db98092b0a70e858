import type { Meta } from '@storybook/react-vite'
import { expect, waitFor, within } from 'storybook/test'
import { crowdAtWork, nothing, offline, teamAtWork } from '../recordings/at-work.js'
import { long, refused, scattered, team, withheld } from '../recordings/recordings.js'
import { listOf, panelMeta, type PanelStory, press, SOON } from '../scenes/panel-meta.js'
import type { ShownPanel } from '../scenes/shown-panel.js'

const meta: Meta<typeof ShownPanel> = {
  ...panelMeta,
  title: 'Panel/Graph',
  args: { recording: team, view: 'graph' },
}
export default meta

/** Where the shapes of a look begin: they are drawn as one path. */
const drawnIn = (list: HTMLElement, look: string): { x: number; y: number }[] =>
  Array.from(list.querySelectorAll(look), (path) => path.getAttribute('d')!.matchAll(/M([\d.]+) ([\d.]+)/g)).flatMap(
    (shapes) => Array.from(shapes, ([, x, y]) => ({ x: Number(x), y: Number(y) })),
  )

/** One line as long as everybody hears of everybody; seals are gates. */
export const Team: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    const list = await listOf(canvas, 'Graph')
    await press(list, userEvent, '{ArrowDown}{ArrowDown}')
    await expect(canvas.getAllByRole('row', { selected: true })).toHaveLength(1)
  },
}

/** The rows that a badge is in. */
const rowsWith = (list: HTMLElement, badge: string): (HTMLElement | null)[] =>
  within(list)
    .queryAllByText(badge, { selector: '.badge' })
    .map((found) => found.closest<HTMLElement>('[role=row]'))

/** The page and the server have the same. */
export const AtWork: PanelStory = {
  args: { recording: teamAtWork },
  play: async ({ canvas }) => {
    const list = await listOf(canvas, 'Graph')
    await waitFor(() => expect(rowsWith(list, 'here')).toHaveLength(1), SOON)
    await waitFor(() => expect(rowsWith(list, 'server')).toEqual(rowsWith(list, 'here')), SOON)
  },
}

/** Three who hear nothing of each other. */
export const Scattered: PanelStory = {
  args: { recording: scattered },
  play: async ({ canvas }) => {
    const list = await listOf(canvas, 'Graph')
    const lanes = new Set(drawnIn(list, '.node').map(({ x }) => x))
    await expect(lanes.size).toBeGreaterThan(1)
  },
}

/** More lanes than have room beside each other: they move together, and none is left out. */
export const Crowded: PanelStory = {
  args: { recording: crowdAtWork },
  play: async ({ canvas }) => {
    const list = await listOf(canvas, 'Graph')
    await waitFor(() => {
      const lanes = new Set(drawnIn(list, '.node').map(({ x }) => x))
      return expect(lanes.size).toBeGreaterThan(15)
    }, SOON)
    const { width } = list.querySelector('.lanes')!.getBoundingClientRect()
    await expect(width).toBeLessThan(220)
    await expect(Math.max(...drawnIn(list, '.node').map(({ x }) => x)) + 4).toBeLessThan(width)
  },
}

/** A seal says what it vouches for. */
export const Seal: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Graph')
    await userEvent.click(canvas.getAllByText('seal')[0]!)
    await expect(await canvas.findByText(/vouches for everything below/)).toBeVisible()
  },
}

export const Refused: PanelStory = {
  args: { recording: refused },
  play: async ({ canvas }) => void (await listOf(canvas, 'Graph')),
}

export const Large: PanelStory = {
  args: { recording: long },
  play: async ({ canvas }) => void (await listOf(canvas, 'Graph')),
}

export const Empty: PanelStory = {
  args: { recording: nothing },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Nothing is recorded yet.', { selector: '.note-title' }, SOON)).toBeVisible()
  },
}

/** Commits of this device that the server does not have yet are hollow. */
export const Pending: PanelStory = {
  args: { recording: offline },
  play: async ({ canvas }) => {
    const list = await listOf(canvas, 'Graph')
    await expect(drawnIn(list, '.node.is-waiting').length).toBeGreaterThan(4)
    // The server stands where this device was when it went.
    await expect(rowsWith(list, 'here')).toHaveLength(1)
    await expect(rowsWith(list, 'server')).toHaveLength(1)
    await expect(rowsWith(list, 'server')).not.toEqual(rowsWith(list, 'here'))
  },
}

/** The graph stays whole where data was left out of it. */
export const Withheld: PanelStory = {
  args: { recording: withheld },
  play: async ({ canvas }) => {
    await listOf(canvas, 'Graph')
    await expect(canvas.getAllByText('Erased, or not to be read here').length).toBeGreaterThan(0)
  },
}
