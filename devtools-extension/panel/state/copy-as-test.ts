/** "Copy as test": what happened in the chosen range, or the action that is shown, as a test on the clipboard. */
import type { Moment } from '../../../src/index.js'
import { countNoun, momentOf } from '../time/format-time.js'
import { summaryOf } from '../timeline/entry-text.js'
import type { PanelState } from './panel-state.js'
import type { Open, RepositorySession } from './repository-session.js'
import { momentAt } from './moment-at.js'
import { entryAt } from './use-shown.js'

/** Of which the test is. */
interface Part {
  readonly from: Moment
  readonly to: Moment
  readonly title: string
}

/** Says in the panel how it went. */
export async function copyAsTest(panel: PanelState, session: RepositorySession): Promise<void> {
  const { store, path: repository, opened } = session
  if (!opened) return
  try {
    const part = partOf(session, opened)
    const { code, file } = await store.copyAsTest({ repository, ...part })
    await panel.host.copyText(code)
    if (file) panel.host.saveFile(file.name, file.bytes, 'application/octet-stream')
    const text = file
      ? `Copied. Put ${file.name}, which was saved, beside the test.`
      : 'Copied: it runs as it is, under Vitest.'
    panel.notice.set({ text, kind: 'done' })
  } catch (error) {
    panel.notice.set({ text: error instanceof Error ? error.message : String(error), kind: 'failed' })
  }
}

function partOf({ range, shown, picked }: RepositorySession, open: Open): Part {
  const { history, actions } = open
  const chosen = range.get()
  if (chosen) {
    const [from, to] = [momentAt(history, chosen.from - 1), momentAt(history, chosen.to)]
    const count = history.place(to).position - history.place(from).position
    if (count === 0) throw new Error('Nothing was done in the chosen range.')
    return { from, to, title: `${countNoun(count, 'action')} until ${momentOf(chosen.to)}` }
  }
  const moment = shown.get()
  const entry = entryAt(open, picked.get(), moment === null ? null : history.place(moment))
  if (actions.count === 0 || !entry) throw new Error('There is no action here to make a test of.')
  if (entry.kind !== 'action' || entry.moment === undefined) {
    throw new Error('A test is of an action that is in a commit: choose one, or a range.')
  }
  return { from: history.before(entry.id), to: entry.moment, title: entry.label ?? summaryOf(entry) }
}
