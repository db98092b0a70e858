import type { Meta } from '@storybook/react-vite'
import { expect, fn, waitFor, within } from 'storybook/test'
import { Barred, ForeignFrame } from '../../devtools-extension/panel/frame/barred.js'
import {
  drivableApp,
  endedPage,
  lostPage,
  noStore,
  pageOfAnotherVersion,
  silentPage,
  slowPage,
  teamAtWork,
  twoStores,
  unreadable,
} from '../recordings/at-work.js'
import { refused, team } from '../recordings/recordings.js'
import { listOf, panelMeta, type PanelStory, press, SOON } from '../scenes/panel-meta.js'
import type { ShownPanel } from '../scenes/shown-panel.js'

const meta: Meta<typeof ShownPanel> = {
  ...panelMeta,
  title: 'Panel/Frame',
  args: { recording: team, view: 'timeline' },
}
export default meta

export const NoStore: PanelStory = {
  args: { recording: noStore },
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText('No Ibex store was found in this page.', {}, SOON)).toBeVisible()
    // The keys can be asked for all the same.
    await userEvent.keyboard('?')
    await expect(await canvas.findByRole('dialog')).toBeVisible()
    await userEvent.click(canvas.getByRole('button', { name: 'Close' }))
    await waitFor(() => expect(canvas.queryByRole('dialog')).toBeNull())
  },
}

const allowed = fn()

/** The extension was not given access to the site. */
export const NoAccess: PanelStory = {
  args: { recording: noStore, barred: <Barred onAllow={allowed} /> },
  play: async ({ canvas, userEvent }) => {
    allowed.mockClear()
    await expect(await canvas.findByText('Ibex may not look into this page.', {}, SOON)).toBeVisible()
    await expect(canvas.queryByText('No Ibex store was found in this page.')).toBeNull()
    await userEvent.click(canvas.getByRole('button', { name: 'Allow it on this site' }))
    await expect(allowed).toHaveBeenCalledTimes(1)
  },
}

/** A frame of the page is of another site. */
export const FrameOfAnotherSite: PanelStory = {
  args: { recording: teamAtWork, children: <ForeignFrame origin="https://pay.example.org" onAllow={allowed} /> },
  play: async ({ canvas, userEvent }) => {
    allowed.mockClear()
    await listOf(canvas, 'Timeline')
    await userEvent.click(canvas.getByRole('button', { name: 'Look into pay.example.org too' }))
    await expect(allowed).toHaveBeenCalledTimes(1)
  },
}

export const TwoStores: PanelStory = {
  args: { recording: twoStores },
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Timeline')
    await userEvent.selectOptions(canvas.getByRole('combobox', { name: 'Store' }), 'drafts')
    await expect(await canvas.findByRole('heading', { name: 'Create task' })).toBeVisible()
    await expect(canvas.getByText('this device only')).toBeVisible()
    // The link of a moment leads to the store that it is of.
    await userEvent.click(canvas.getByLabelText('Filter'))
    await userEvent.paste('ibex:main/data/main@start')
    await expect(await canvas.findByText('Before the first action.', {}, SOON)).toBeVisible()
    await expect(canvas.getByRole('combobox', { name: 'Store' })).toHaveDisplayValue('main')
    await userEvent.click(canvas.getByLabelText('Filter'))
    await userEvent.paste('ibex:main/data/other@start')
    await expect(await canvas.findByText(/^That moment is one of \/data\/other/, {}, SOON)).toBeInTheDocument()
  },
}

/** The line to the page broke, and is made anew: what was read can still be looked at. */
export const Lost: PanelStory = {
  args: { recording: lostPage },
  play: async ({ canvas }) => {
    await listOf(canvas, 'Timeline')
    await expect(await canvas.findByText('reconnecting …', {}, SOON)).toBeVisible()
  },
}

/** The app is built with a version that this panel does not understand. */
export const OtherVersion: PanelStory = {
  args: { recording: pageOfAnotherVersion },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/do not understand each other/, {}, SOON)).toBeVisible()
  },
}

/** The page does not answer. */
export const Waiting: PanelStory = {
  args: { recording: silentPage },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Asking the page …', {}, SOON)).toBeVisible()
  },
}

/** A file that somebody sent: what happened, without the app. */
export const Recorded: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Timeline')
    await expect(canvas.getByText('recording')).toBeVisible()
    await userEvent.keyboard('q')
    await expect(canvas.getByText('This is a recording.')).toBeVisible()
  },
}

/** What the page says of itself has come, the history has not. */
export const Reading: PanelStory = {
  args: { recording: slowPage },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Reading the history …', {}, SOON)).toBeVisible()
    await expect(await canvas.findByRole('progressbar')).toBeVisible()
  },
}

/** The page cannot read what it has stored. */
export const NotReadable: PanelStory = {
  args: { recording: unreadable },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('/data/main could not be read.', {}, SOON)).toBeVisible()
    await expect(canvas.getByText(/update ibex-state to open it/)).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Try again' })).toBeEnabled()
  },
}

/** The store was closed while somebody looked. */
export const Ended: PanelStory = {
  args: { recording: endedPage },
  play: async ({ canvas }) => {
    await listOf(canvas, 'Timeline')
    await expect(await canvas.findByText('No Ibex store was found in this page.', {}, SOON)).toBeVisible()
  },
}

/** The page shows what the panel shows, and says so. */
export const Driving: PanelStory = {
  args: { recording: drivableApp },
  play: async ({ canvas, userEvent }) => {
    const list = await listOf(canvas, 'Timeline')
    await press(list, userEvent, '{Shift>}{ArrowLeft}{/Shift}')
    await press(list, userEvent, 'd')
    await expect(canvas.getByRole('button', { name: 'Drive the app' })).toHaveAttribute('aria-pressed', 'true')
    await waitFor(() => expect(document.querySelector('ibex-showing')).not.toBeNull())
  },
}

export const AllKeys: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await press(await listOf(canvas, 'Timeline'), userEvent, '?')
    const sheet = await canvas.findByRole('dialog', { name: 'All keys' })
    await expect(within(sheet).getByText('Drive the app, or no longer')).toBeVisible()
  },
}

/** Every view by its key. */
export const ByKeys: PanelStory = {
  args: { recording: teamAtWork },
  play: async ({ canvas, userEvent }) => {
    const views = ['Graph', 'Items', 'Conflicts', 'Queries', 'Sync', 'Rejected', 'Storage', 'Bisect', 'Timeline']
    await listOf(canvas, 'Timeline')
    for (const [i, key] of Array.from('gicqsrobt').entries()) {
      await userEvent.keyboard(key)
      await expect(canvas.getByRole('tab', { name: views[i]! })).toHaveAttribute('aria-selected', 'true')
    }
  },
}

/** Docked at the right. */
export const Tall: PanelStory = {
  args: { width: 700 },
  play: async ({ canvas }) => void (await listOf(canvas, 'Timeline')),
}

export const Narrow: PanelStory = {
  args: { width: 360, recording: refused },
  play: async ({ canvas }) => void (await listOf(canvas, 'Timeline')),
}

/** Docked at the bottom of a small window. */
export const Low: PanelStory = {
  args: { height: 280 },
  play: async ({ canvas }) => void (await listOf(canvas, 'Timeline')),
}
