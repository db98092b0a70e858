import type { ReactNode } from 'react'
import type { TimelineEntry } from '../../../src/index.js'
import { Icon } from '../look/icons.js'
import { copyAsTest } from '../state/copy-as-test.js'
import { linkOf } from '../state/moment-link.js'
import { usePanel, useSession } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'

/** What one can do about an action. Writes are made by the page, as any of the app's. */
export function ActionButtons({ entry }: { entry: TimelineEntry }): ReactNode {
  const panel = usePanel()
  const session = useSession()
  const standing = useLive(session.store.standing)
  const range = useLive(session.range)
  const { store, path: repository } = session
  const { moment, id, commit } = entry
  const isThere = standing.state === 'connected'
  const { openSource } = panel.host

  const source = async (): Promise<void> => {
    const action = Number(id.slice(id.lastIndexOf('/') + 1))
    const position = commit === undefined ? null : await store.command('sourceOf', { repository, commit, action })
    if (position) await openSource?.(position)
    else throw new Error('Where it was called was not kept: it was made elsewhere, or long ago.')
  }
  return (
    <div className="detail-buttons">
      {moment !== undefined && (
        <button
          type="button"
          className="button"
          disabled={!isThere}
          title="Writes what makes everything look as it did then, as a new action"
          onClick={() =>
            void panel.act(() => store.command('revert', { repository, moment }), 'Restored, as a new action.')
          }
        >
          <Icon name="clock" />
          Restore to here
        </button>
      )}
      {entry.kind === 'action' && commit !== undefined && entry.standing !== 'void' && (
        <button
          type="button"
          className="button"
          disabled={!isThere}
          title="Takes back what this action did, and leaves what others did since"
          onClick={() =>
            void panel.act(() => store.command('revert', { repository, actions: [id] }), 'Reverted, as a new action.')
          }
        >
          <Icon name="undo" />
          Revert
        </button>
      )}
      {moment !== undefined && (
        <button
          type="button"
          className="button"
          title="Copies the text that names this moment"
          onClick={() =>
            void panel.act(
              () => panel.host.copyText(linkOf({ store: store.name, path: repository, moment })),
              'Copied.',
            )
          }
        >
          <Icon name="link" />
          Copy link
        </button>
      )}
      {(range !== null || (entry.kind === 'action' && moment !== undefined)) && (
        <button
          type="button"
          className="button"
          title={`A test for Vitest, of ${range ? 'what happened in the chosen range' : 'what this action did'} (y)`}
          onClick={() => void copyAsTest(panel, session)}
        >
          <Icon name="copy" />
          {range ? 'Copy range as test' : 'Copy as test'}
        </button>
      )}
      {openSource && entry.kind === 'action' && commit !== undefined && (
        <button
          type="button"
          className="button"
          disabled={!isThere}
          title="Where in the app's code it was called"
          onClick={() => void panel.act(source, 'Opened.')}
        >
          <Icon name="source" />
          Source
        </button>
      )}
    </div>
  )
}
