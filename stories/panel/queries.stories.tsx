import type { Meta } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { asking, nothing } from '../recordings/at-work.js'
import { listOf, panelMeta, type PanelStory, SOON } from '../scenes/panel-meta.js'
import type { ShownPanel } from '../scenes/shown-panel.js'

const meta: Meta<typeof ShownPanel> = {
  ...panelMeta,
  title: 'Panel/Queries',
  args: { recording: asking, view: 'queries' },
}
export default meta

export const Some: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Queries')
    await userEvent.click(await canvas.findByText(/tags has "urgent"/))
    await expect(await canvas.findByText(/No React component/)).toBeVisible()
  },
}

export const None: PanelStory = {
  args: { recording: nothing },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('The app asks nothing at the moment.', {}, SOON)).toBeVisible()
  },
}
