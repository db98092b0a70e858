import type { Meta } from '@storybook/react-vite'
import { expect, waitFor, within } from 'storybook/test'
import {
  damagedAtWork,
  maskedAndRefusedAtWork,
  nothing,
  refusedAtWork,
  refusedWithMuchAtWork,
} from '../recordings/at-work.js'
import { panelMeta, type PanelStory, SOON } from '../scenes/panel-meta.js'
import type { ShownPanel } from '../scenes/shown-panel.js'

const meta: Meta<typeof ShownPanel> = {
  ...panelMeta,
  title: 'Panel/Rejected',
  args: { recording: refusedAtWork, view: 'rejected' },
}
export default meta

const REFUSED = /^Refused/

export const Some: PanelStory = {
  play: async ({ canvas }) => {
    await expect(await canvas.findAllByRole('article', { name: REFUSED }, SOON)).toHaveLength(2)
  },
}

/** What was too long is made shorter, and written anew: the refusal is settled. */
export const EditAndRetry: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await canvas.findAllByRole('article', { name: REFUSED }, SOON)
    await userEvent.click(canvas.getAllByRole('button', { name: 'Edit and retry' })[0]!)
    const title = canvas.getByRole('textbox', { name: /title/ })
    await userEvent.clear(title)
    await userEvent.type(title, 'Dark theme')
    await userEvent.click(canvas.getByRole('button', { name: 'Write anew' }))
    await waitFor(() => expect(canvas.getAllByRole('article', { name: REFUSED })).toHaveLength(1), { timeout: 10_000 })
  },
}

/** All that was refused with it is written too, as it was. */
export const EditAndRetryAll: PanelStory = {
  args: { recording: refusedWithMuchAtWork },
  play: async ({ canvas, userEvent }) => {
    await canvas.findByRole('article', { name: REFUSED }, SOON)
    await userEvent.click(canvas.getByRole('button', { name: 'Edit and retry' }))
    const title = canvas.getByRole('textbox', { name: /t-4 title/ })
    await userEvent.clear(title)
    await userEvent.type(title, 'Dark theme')
    await userEvent.selectOptions(canvas.getByRole('combobox', { name: /t-4 state/ }), 'done')
    await userEvent.click(canvas.getByRole('button', { name: 'Write anew' }))
    await expect(await canvas.findByText('Nothing was refused.', {}, SOON)).toBeVisible()

    await userEvent.click(canvas.getByRole('tab', { name: 'Items' }))
    const row = (name: RegExp): HTMLElement | null => canvas.queryByRole('row', { name })
    await userEvent.click(await canvas.findByRole('row', { name: /Dark theme t-4/ }))
    const item = canvas.getByRole('article', { name: 'task t-4' })
    await expect(item).toHaveTextContent(/“done”/)
    await expect(item).toHaveTextContent(/split/)
    await expect(item).not.toHaveTextContent(/bug/)
    await expect(item).toHaveTextContent(/example\.org\/talk/)
    await expect(within(item).getByText(/^4\d$/)).toBeVisible()
    await expect(row(/t-5/)).toBeNull()
    await expect(row(/Dark theme for the other pages/)).toBeVisible()
  },
}

/** What is masked cannot be edited: it can be retried as it is. */
export const Masked: PanelStory = {
  args: { recording: maskedAndRefusedAtWork },
  play: async ({ canvas }) => {
    const card = await canvas.findByRole('article', { name: REFUSED }, SOON)
    await expect(card).toHaveTextContent('•••')
    // What the rule says of it may quote it.
    await expect(card).not.toHaveTextContent('80 letters')
    const edit = within(card).getByRole('button', { name: 'Edit and retry' })
    await expect(edit).toBeDisabled()
    await expect(edit).toHaveAttribute('title', 'Values are masked here')
    await expect(within(card).getByRole('button', { name: 'Retry' })).toBeEnabled()
  },
}

/** Discarding asks once more. */
export const Discarded: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    await canvas.findAllByRole('article', { name: REFUSED }, SOON)
    await userEvent.click(canvas.getAllByRole('button', { name: 'Discard …' })[0]!)
    await userEvent.click(canvas.getByRole('button', { name: 'Discard for good' }))
    await waitFor(() => expect(canvas.getAllByRole('article', { name: REFUSED })).toHaveLength(1), { timeout: 10_000 })
  },
}

export const None: PanelStory = {
  args: { recording: nothing },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Nothing was refused.', {}, SOON)).toBeVisible()
  },
}

/** The same once more is refused once more. */
export const Retried: PanelStory = {
  play: async ({ canvas, userEvent }) => {
    const [first] = await canvas.findAllByRole('article', { name: REFUSED }, SOON)
    const commit = within(first!).getByTitle(/^[0-9a-f]{16}/).title
    await userEvent.click(within(first!).getByRole('button', { name: 'Retry' }))
    await waitFor(() => expect(canvas.queryByTitle(commit)).toBeNull(), { timeout: 10_000 })
    await waitFor(() => expect(canvas.getAllByRole('article', { name: REFUSED })).toHaveLength(2), { timeout: 10_000 })
  },
}

/** What is wrong with the store, without anybody having refused it. */
export const Problems: PanelStory = {
  args: { recording: damagedAtWork },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/of the log are damaged/, {}, SOON)).toBeVisible()
  },
}
