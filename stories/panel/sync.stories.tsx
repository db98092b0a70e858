import type { Meta } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { deviceOnly, offline, teamAtWork } from '../recordings/at-work.js'
import { panelMeta, type PanelStory, SOON } from '../scenes/panel-meta.js'
import type { ShownPanel } from '../scenes/shown-panel.js'

const meta: Meta<typeof ShownPanel> = {
  ...panelMeta,
  title: 'Panel/Sync',
  args: { recording: teamAtWork, view: 'sync' },
}
export default meta

export const Online: PanelStory = {
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('region', { name: 'Line to the server' }, SOON)).toBeVisible()
    await expect(await canvas.findByText(/The same here and there/)).toBeVisible()
  },
}

export const Offline: PanelStory = {
  args: { recording: offline },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('No line is open.', {}, SOON)).toBeVisible()
    await expect(canvas.getByRole('switch', { name: 'Offline' })).toBeChecked()
  },
}

/** The switch cuts the store off, as a tunnel does, and connects it again. */
export const CutOff: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await canvas.findByRole('region', { name: 'Line to the server' }, SOON)
    await userEvent.click(canvas.getByRole('switch', { name: 'Offline' }))
    await expect(await canvas.findByText('No line is open.')).toBeVisible()
    await userEvent.click(canvas.getByRole('switch', { name: 'Offline' }))
    await expect(await canvas.findByRole('region', { name: 'Line to the server' }, { timeout: 20_000 })).toBeVisible()
    await userEvent.click(canvas.getByText('1 line ended'))
    await expect(canvas.getByRole('columnheader', { name: 'Lasted' })).toBeVisible()
  },
}

/** A slow line, on which messages get lost. */
export const SlowLine: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.selectOptions(await canvas.findByRole('combobox', { name: 'Network' }, SOON), 'slow mobile')
    await waitFor(() => expect(canvas.getByLabelText(/Delay/)).toHaveValue('300'))
  },
}

/** What was written meanwhile is on its way: the two differ, and why is said. */
export const Different: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await canvas.findByRole('region', { name: 'Line to the server' }, SOON)
    await userEvent.clear(canvas.getByLabelText(/Delay/))
    await userEvent.type(canvas.getByLabelText(/Delay/), '60000{Enter}')
    await canvas.findByText(/The network is worse/)
    await userEvent.click(canvas.getByRole('tab', { name: 'Items' }))
    await userEvent.click(await canvas.findByRole('row', { name: /t-9/ }))
    await userEvent.click(canvas.getByRole('button', { name: 'Edit title' }))
    await userEvent.type(canvas.getByRole('textbox', { name: 'title' }), ', and everywhere{Enter}')
    await expect(await canvas.findByRole('row', { name: /and everywhere/ })).toBeVisible()
    await userEvent.click(canvas.getByRole('tab', { name: 'Sync' }))
    await expect(await canvas.findByText('They differ.')).toBeVisible()
    await expect(canvas.getByText('1 commit here is not known to the server yet:')).toBeVisible()
  },
}

export const DeviceOnly: PanelStory = {
  args: { recording: deviceOnly },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('No line is open.', {}, SOON)).toBeVisible()
    await expect(canvas.getByText('this device only')).toBeVisible()
    // There is nothing to be cut off from.
    await expect(canvas.queryByRole('switch', { name: 'Offline' })).toBeNull()
  },
}
