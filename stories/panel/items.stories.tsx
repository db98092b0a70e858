import type { Meta } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { lostPage, maskedAtWork, nothing, teamAtWork } from '../recordings/at-work.js'
import { long, team, withheld } from '../recordings/recordings.js'
import { type Canvas, listOf, panelMeta, type PanelStory, press, SOON } from '../scenes/panel-meta.js'
import type { ShownPanel } from '../scenes/shown-panel.js'

const meta: Meta<typeof ShownPanel> = {
  ...panelMeta,
  title: 'Panel/Items',
  args: { recording: team, view: 'items' },
}
export default meta

const row = (canvas: Canvas, text: RegExp): Promise<HTMLElement> => canvas.findByRole('row', { name: text })

/** Fields, who wrote what they hold, and how often they changed. */
export const Chosen: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Items')
    await userEvent.click(await row(canvas, /t-3/))
    await userEvent.click(canvas.getByRole('button', { name: 'notes' }))
    await expect(canvas.getByRole('list', { name: 'History of notes' })).toBeVisible()
    // It is a recording: nobody is there who could write.
    await expect(canvas.getByRole('button', { name: 'Edit notes' })).toBeDisabled()
  },
}

export const NoneChosen: PanelStory = {
  play: async ({ canvas }) => {
    await listOf(canvas, 'Items')
    await expect(canvas.getByText('No item is chosen.')).toBeVisible()
  },
}

/** The same item as it was: the playhead moves everything. */
export const Past: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    const list = await listOf(canvas, 'Items')
    await userEvent.click(await row(canvas, /t-3/))
    await expect(canvas.getByText(/The index is built once now/)).toBeVisible()
    const changes = (): number => Number.parseInt(canvas.getByRole('img', { name: / of notes$/ }).ariaLabel!, 10)
    const before = changes()
    for (let i = 0; i < 6; i++) await press(list, userEvent, '{Shift>}{ArrowLeft}{/Shift}')
    await waitFor(() => expect(canvas.queryByText(/The index is built once now/)).toBeNull())
    // What came later is not counted.
    await expect(changes()).toBeLessThan(before)
  },
}

/** An item that is deleted by now. */
export const Deleted: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    const list = await listOf(canvas, 'Items')
    for (let i = 0; i < 6; i++) await press(list, userEvent, '{Shift>}{ArrowLeft}{/Shift}')
    await userEvent.click(await row(canvas, /t-10/))
    await press(list, userEvent, '{End}')
    await expect(await canvas.findByText(/It is deleted at this moment/)).toBeVisible()
    await userEvent.click(canvas.getByRole('button', { name: 'Show how it was deleted' }))
    await waitFor(() => expect(canvas.getByRole('group', { name: 'Playback' })).toHaveTextContent(/lin/))
  },
}

/** An edit is made by the app, as a commit of its own, and comes back. */
export const Edited: PanelStory = {
  args: { recording: teamAtWork },
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Items')
    await userEvent.click(await row(canvas, /t-9/))
    await userEvent.click(canvas.getByRole('button', { name: 'Edit title' }))
    const field = canvas.getByRole('textbox', { name: 'title' })
    await userEvent.clear(field)
    await userEvent.type(field, 'Written in the devtools')
    await userEvent.keyboard('{Enter}')
    await expect(await row(canvas, /Written in the devtools/)).toBeVisible()
  },
}

/** A value that means nothing is not sent. */
export const NotANumber: PanelStory = {
  args: { recording: teamAtWork },
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Items')
    await userEvent.click(await row(canvas, /t-9/))
    await userEvent.click(canvas.getByRole('button', { name: 'Edit estimate' }))
    await userEvent.type(canvas.getByRole('textbox', { name: 'estimate' }), 'much')
    await userEvent.keyboard('{Enter}')
    await expect(canvas.getByRole('alert')).toHaveTextContent('A number, please.')
  },
}

/** The line to the page broke: what was read stays, and nothing can be written until it is back. */
export const OutOfReach: PanelStory = {
  args: { recording: lostPage },
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Items')
    await userEvent.click(await row(canvas, /t-9/))
    await expect(await canvas.findByText('reconnecting …', {}, SOON)).toBeVisible()
    const edit = canvas.getByRole('button', { name: 'Edit title' })
    await waitFor(() => expect(edit).toBeDisabled())
    await expect(edit).toHaveAttribute('title', 'The page is out of reach')
  },
}

export const Found: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Items')
    await userEvent.type(canvas.getByRole('textbox', { name: 'Find an item' }), 'search')
    await waitFor(() => expect(canvas.queryByRole('row', { name: /t-1\b/ })).toBeNull())
    await expect(await row(canvas, /Search is slow/)).toBeVisible()
  },
}

export const NotFound: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Items')
    await userEvent.type(canvas.getByRole('textbox', { name: 'Find an item' }), 'unicorn')
    await expect(await canvas.findByText('No item has that.')).toBeVisible()
  },
}

/** Before anything was made. */
export const AtTheBeginning: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await press(await listOf(canvas, 'Items'), userEvent, '{Home}')
    await expect(await canvas.findByText('There is no item at this moment.')).toBeVisible()
  },
}

/** An item that was left out of the recording is not among the others. */
export const Withheld: PanelStory = {
  args: { recording: withheld },
  play: async ({ canvas }) => {
    await listOf(canvas, 'Items')
    await expect(await row(canvas, /t-4/)).toBeVisible()
    await expect(canvas.queryByRole('row', { name: /t-3\b/ })).toBeNull()
  },
}

export const Masked: PanelStory = {
  args: { recording: maskedAtWork },
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Items')
    await userEvent.click(await row(canvas, /t-3\b/))
    await expect(canvas.getByRole('heading', { name: '•••' })).toBeVisible()
    // The mask would be written in the place of what it hides.
    const edit = canvas.getByRole('button', { name: 'Edit title' })
    await expect(edit).toBeDisabled()
    await expect(edit).toHaveAttribute('title', 'Values are masked here')
  },
}

export const Large: PanelStory = {
  args: { recording: long },
  play: async ({ canvas }) => {
    const list = await listOf(canvas, 'Items')
    await expect(await canvas.findByText('120')).toBeVisible()
    await expect(list.querySelectorAll('[role=row]').length).toBeLessThan(80)
  },
}

export const Empty: PanelStory = {
  args: { recording: nothing },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('There is no item at this moment.', {}, SOON)).toBeVisible()
  },
}
