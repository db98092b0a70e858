import type { Meta } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { disputedAtWork, nothing, scatteredAtWork } from '../recordings/at-work.js'
import { scattered } from '../recordings/recordings.js'
import { panelMeta, type PanelStory, SOON } from '../scenes/panel-meta.js'
import type { ShownPanel } from '../scenes/shown-panel.js'

const meta: Meta<typeof ShownPanel> = {
  ...panelMeta,
  title: 'Panel/Conflicts',
  args: { recording: scattered, view: 'conflicts' },
}
export default meta

/** What is shown, what lost, and why. */
export const Some: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await canvas.findByText(/^\d+ conflicts$/, {}, SOON)
    await expect(canvas.getAllByText('lost').length).toBeGreaterThan(1)
    // Nobody is there who could write.
    for (const button of canvas.getAllByRole('button', { name: 'Take this one instead' }))
      await expect(button).toBeDisabled()
    // They are of the present, and say so where something else is shown.
    canvas.getByRole('slider', { name: 'Moment' }).focus()
    await userEvent.keyboard('{Home}')
    await expect(await canvas.findByText(/^\d+ conflicts: those of now, whichever moment is shown$/)).toBeVisible()
  },
}

/** An action that is in conflict with another says so where it is looked at. */
export const AtAnAction: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await canvas.findByText(/^\d+ conflicts$/, {}, SOON)
    await userEvent.click(canvas.getAllByRole('article')[0]!.querySelector('.claim-by .link')!)
    await userEvent.keyboard('t')
    await userEvent.click((await canvas.findAllByRole('button', { name: 'conflict' }))[0]!)
    await expect(await canvas.findByText(/^\d+ conflicts/)).toBeVisible()
  },
}

/** "Take this one instead" writes the other value; the conflict is decided. */
export const Taken: PanelStory = {
  args: { recording: scatteredAtWork },
  play: async ({ canvas, userEvent }) => {
    const count = async (): Promise<number> =>
      parseInt((await canvas.findByText(/^\d+ conflicts?$/, {}, SOON)).textContent, 10)
    const before = await count()
    await userEvent.click(canvas.getAllByRole('button', { name: 'Take this one instead' })[0]!)
    await waitFor(async () => expect(await count()).toBeLessThan(before), { timeout: 10_000 })
  },
}

/** More than anybody looks at: some at first, and the rest as one wishes. */
export const Many: PanelStory = {
  args: { recording: disputedAtWork },
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText('230 conflicts', {}, SOON)).toBeVisible()
    await expect(canvas.getAllByRole('article')).toHaveLength(200)
    await userEvent.click(canvas.getByRole('button', { name: 'Show 30 more' }))
    await expect(canvas.getAllByRole('article')).toHaveLength(230)
    await expect(canvas.queryByRole('button', { name: /^Show \d+ more/ })).toBeNull()
  },
}

export const None: PanelStory = {
  args: { recording: nothing },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Nobody disagrees.', {}, SOON)).toBeVisible()
  },
}
