import type { Meta } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { asking, askingAtWork, nothing } from '../recordings/at-work.js'
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
    await expect(canvas.getByText(/and \(\s+owner = "ada"\s+or votes > 2\s+\)/)).toBeVisible()
  },
}

export const None: PanelStory = {
  args: { recording: nothing },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('The app asks nothing at the moment.', {}, SOON)).toBeVisible()
  },
}

/** A filter that is a function cannot be shown: only that it is there. */
export const FilterFunction: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Queries')
    await userEvent.click(await canvas.findByText(/\+ filter/))
    await expect(await canvas.findByText(/It has a filter function too/)).toBeVisible()
  },
}

/** Work goes on in the app: what its queries are told, and what that takes. */
export const AtWork: PanelStory = {
  args: { recording: askingAtWork },
  play: async ({ canvas, userEvent }) => {
    await listOf(canvas, 'Queries')
    await userEvent.click(await canvas.findByText(/by title/))
    const told = await canvas.findByText('Told', { selector: 'dt' })
    // How long it takes is another matter: clocks of pages are coarse.
    await waitFor(() => expect(told.nextElementSibling).toHaveTextContent(/^[1-9]\d* times/), SOON)
  },
}
