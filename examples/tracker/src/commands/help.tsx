import * as Dialog from '@radix-ui/react-dialog'
import type { ReactNode } from 'react'
import { Icon } from '../look/icons.js'
import { useCell } from '../shell/cell.js'
import { closeOverlay, overlay } from '../shell/overlay.js'
import type { Command, Group } from './commands.js'
import { Keys } from './keys.js'

const GROUPS: readonly Group[] = ['Issue', 'Selection', 'View', 'History', 'Window']

/** All keys at a glance. */
export function Help({ commands }: { commands: readonly Command[] }): ReactNode {
  const isOpen = useCell(overlay, (shown) => shown?.kind === 'help')
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && closeOverlay()}>
      <Dialog.Portal>
        <Dialog.Overlay className="veil" />
        <Dialog.Content
          className="help"
          aria-describedby={undefined}
          // The dialog itself, which can be scrolled by keys then, rather than its only button.
          onOpenAutoFocus={(event) => {
            event.preventDefault()
            ;(event.currentTarget as HTMLElement).focus()
          }}
          tabIndex={-1}
        >
          <header>
            <Dialog.Title>Keyboard</Dialog.Title>
            <Dialog.Close className="quiet-button" aria-label="Close">
              <Icon name="close" />
            </Dialog.Close>
          </header>
          <div className="help-columns">
            {GROUPS.map((group) => (
              <section key={group}>
                <h3>{group}</h3>
                <dl>
                  {commands
                    .filter((command) => command.group === group && command.keys)
                    .map(({ id, title, keys }) => (
                      <div key={id}>
                        <dt>{title.replace('…', '')}</dt>
                        <dd>
                          {keys!.map((key) => (
                            <Keys key={key} of={key} />
                          ))}
                        </dd>
                      </div>
                    ))}
                </dl>
              </section>
            ))}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
