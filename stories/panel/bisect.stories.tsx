import type { Meta } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { nothing } from '../recordings/at-work.js'
import { team } from '../recordings/recordings.js'
import { panelMeta, type PanelStory, SOON } from '../scenes/panel-meta.js'
import type { ShownPanel } from '../scenes/shown-panel.js'

const meta: Meta<typeof ShownPanel> = {
  ...panelMeta,
  title: 'Panel/Bisect',
  args: { recording: team, view: 'bisect' },
}
export default meta

const expression = (): { name: RegExp } => ({ name: /By an expression/ })

/** The first action after which the expression does not hold. */
export const ByExpression: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByRole('textbox', expression(), SOON), 'item(task, "t-1").owner != "lin"')
    await userEvent.keyboard('{Enter}')
    await expect(await canvas.findByText(/The first bad action/)).toBeVisible()
  },
}

export const NotUnderstood: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByRole('textbox', expression(), SOON), 'fetch(task)')
    await userEvent.keyboard('{Enter}')
    await expect(await canvas.findByRole('alert')).toHaveTextContent('There is no fetch()')
  },
}

/** Each answer rules out half of what is left. */
export const ByHand: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Begin' }, SOON))
    for (let question = 0; question < 20; question++) {
      const bad = canvas.queryByRole('button', { name: 'Bad' })
      if (!bad) break
      await userEvent.click(bad)
    }
    await waitFor(() => expect(canvas.getByText(/The first bad action/)).toBeVisible())
    await expect(canvas.getByRole('heading', { name: 'Invite the team' })).toBeVisible()
  },
}

/** A good end that is later than the bad one leaves nothing to look for, and is said. */
export const Backwards: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await canvas.findByRole('button', { name: 'Begin' }, SOON)
    const ends = (): HTMLElement[] => canvas.getAllByRole('button', { name: 'Use the shown moment' })
    canvas.getByRole('slider', { name: 'Moment' }).focus()
    await userEvent.keyboard('{ArrowLeft}')
    await waitFor(() => expect(ends()[0]).toBeEnabled())
    await userEvent.click(ends()[0]!)
    canvas.getByRole('slider', { name: 'Moment' }).focus()
    await userEvent.keyboard('{ArrowLeft}')
    await waitFor(() => expect(ends()[1]).toBeEnabled())
    await userEvent.click(ends()[1]!)
    await userEvent.click(canvas.getByRole('button', { name: 'Begin' }))
    await expect(await canvas.findByRole('alert')).not.toBeEmptyDOMElement()
    await expect(canvas.getByRole('button', { name: 'Begin' })).toBeVisible()
  },
}

/** What holds at both ends was spoiled by nobody. */
export const NothingFound: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByRole('textbox', expression(), SOON), 'every(task, votes >= 0)')
    await userEvent.keyboard('{Enter}')
    await expect(await canvas.findByText(/nothing spoiled it/)).toBeVisible()
  },
}

/** Whoever cannot say of any is told what is left. */
export const CannotSay: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Begin' }, SOON))
    await userEvent.click(canvas.getByRole('button', { name: 'Cannot say' }))
    await expect(canvas.getByText('Is it good at this moment?')).toBeVisible()
    await expect(canvas.getByText(/^About 7 more questions for 121 moments/)).toBeVisible()
  },
}

export const Empty: PanelStory = {
  args: { recording: nothing },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Nothing is recorded yet.', { selector: '.note-title' }, SOON)).toBeVisible()
  },
}
