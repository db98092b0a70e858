import { type ReactNode, useLayoutEffect, useRef } from 'react'
import { Icon } from '../look/icons.js'
import { usePanel } from '../state/panel-context.js'
import { useLive } from '../state/use-live.js'
import { KEYS, type KeyCommand, keyParts, OTHER_KEYS } from './keys.js'

const GROUPS: readonly KeyCommand['group'][] = ['Time', 'Range', 'Views', 'More']

/** All keys, over the panel. */
export function KeyHelp(): ReactNode {
  const { help } = usePanel()
  return useLive(help) && <Sheet onClose={() => help.set(false)} />
}

function Sheet({ onClose }: { onClose: () => void }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null)
  // Closed while it is still there, the browser gives the focus back to what had it.
  useLayoutEffect(() => {
    const { current } = dialog
    current?.showModal()
    return () => current?.close()
  }, [])
  const all = [...KEYS, ...OTHER_KEYS]
  return (
    <dialog
      ref={dialog}
      className="sheet"
      aria-label="All keys"
      onClose={({ currentTarget }) => !currentTarget.open && onClose()}
      onClick={({ target, currentTarget }) => target === currentTarget && currentTarget.close()}
    >
      <div className="sheet-head">
        <h2>Keys</h2>
        <button type="button" className="tool" aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </div>
      <div className="key-groups">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {all
                .filter((each) => each.group === group)
                .map(({ keys, title }) => (
                  <div key={title}>
                    <dt>{title}</dt>
                    <dd>
                      {keys.map((key) => (
                        <span key={key}>
                          {keyParts(key).map((part) => (
                            <kbd key={part}>{part}</kbd>
                          ))}
                        </span>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  )
}
