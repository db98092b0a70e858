import type { Meta } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { damagedAtWork, deviceOnly, offline, teamAtWork } from '../recordings/at-work.js'
import { team } from '../recordings/recordings.js'
import teamFile from '../recordings/team.ibexreplay?url'
import { listOf, panelMeta, type PanelStory, SOON } from '../scenes/panel-meta.js'
import type { ShownPanel } from '../scenes/shown-panel.js'

const meta: Meta<typeof ShownPanel> = {
  ...panelMeta,
  title: 'Panel/Storage',
  args: { recording: teamAtWork, view: 'storage' },
}
export default meta

/** Every hash and signature, checked now. */
export const Verified: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Verify now' }, SOON))
    await expect(
      await canvas.findByText(/\d+ commits checked, nothing is wrong/, {}, { timeout: 10_000 }),
    ).toBeVisible()
  },
}

/** A file that somebody sent is looked at beside the stores of the page. */
export const OpenedRecording: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    // Before there is a store one can be opened too, by a button that goes when there is.
    await canvas.findByRole('button', { name: 'Verify now' }, SOON)
    const sent = await (await fetch(teamFile)).blob()
    await userEvent.upload(canvas.getByLabelText('Recording'), new File([sent], 'from-ada.ibexreplay'))
    await expect(await canvas.findByText('recording', {}, SOON)).toBeVisible()
    await expect(canvas.getByRole('combobox', { name: 'Store' })).toHaveDisplayValue('A team at work')
    await listOf(canvas, 'Timeline')

    await userEvent.click(canvas.getByRole('tab', { name: 'Storage' }))
    const other = new File(['no recording'], 'other.ibexreplay')
    await userEvent.upload(await canvas.findByLabelText('Recording', {}, SOON), other)
    await expect(await canvas.findByRole('alert')).toHaveTextContent(/./)
  },
}

/** Nothing is deleted before the store's name was typed; what the server does not have is counted. */
export const Clear: PanelStory = {
  args: { recording: offline },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Clear …' }, SOON))
    await expect(canvas.getByText(/\d actions would be lost/)).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Delete it' })).toBeDisabled()
    await userEvent.type(canvas.getByRole('textbox', { name: /Type main/ }), 'main')
    await expect(canvas.getByRole('button', { name: 'Delete it' })).toBeEnabled()
  },
}

/** A stretch of the log was lost: where, how much, and that the server gave it again. */
export const Damaged: PanelStory = {
  args: { recording: damagedAtWork },
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText(/damaged place/, {}, SOON)).toBeVisible()
    await userEvent.click(canvas.getByRole('button', { name: 'Verify now' }))
    await expect(await canvas.findByText(/commits checked, nothing is wrong/, {}, { timeout: 10_000 })).toBeVisible()
  },
}

export const DeviceOnly: PanelStory = {
  args: { recording: deviceOnly },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('whole', {}, SOON)).toBeVisible()
    await expect(canvas.getByText(/There is no server that has it too/)).toBeVisible()
  },
}

export const Recorded: PanelStory = {
  args: { recording: team },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('This is a recording.', {}, SOON)).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Open a recording …' })).toBeVisible()
  },
}
