import type { Meta } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { offline, teamAtWork } from '../recordings/at-work.js'
import { panelMeta, type PanelStory, SOON } from '../scenes/panel-meta.js'
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
    await expect(await canvas.findByText(/All of \d+ commits hold/, {}, { timeout: 10_000 })).toBeVisible()
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
