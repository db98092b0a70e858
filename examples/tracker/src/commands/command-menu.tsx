import { Command as Menu } from 'cmdk'
import { useIds, useItem } from 'ibex-state/react'
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react'
import * as Dialog from '@radix-ui/react-dialog'
import { Issue } from '../data/issue.js'
import { codeOf } from '../data/terms.js'
import { Icon, StatusIcon } from '../look/icons.js'
import { goTo } from '../selection/selection.js'
import { closeOverlay, overlay } from '../shell/overlay.js'
import { useCell } from '../shell/cell.js'
import { openIssue } from '../view/use-view.js'
import type { Command, Group } from './commands.js'
import { Keys } from './keys.js'

const GROUPS: readonly Group[] = ['Issue', 'Selection', 'View', 'History', 'Window', 'Sample data']

/** Finds commands, and issues by their titles. */
export function CommandMenu({ commands }: { commands: readonly Command[] }): ReactNode {
  const isOpen = useCell(overlay, (shown) => shown?.kind === 'menu')
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && closeOverlay()}>
      <Dialog.Portal>
        <Dialog.Overlay className="veil" />
        <Dialog.Content className="command-menu" aria-describedby={undefined}>
          <Dialog.Title className="unseen">Command menu</Dialog.Title>
          <Contents commands={commands} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Contents({ commands }: { commands: readonly Command[] }): ReactNode {
  const [text, setText] = useState('')
  const choose = (run: () => void): void => {
    closeOverlay()
    run()
  }
  const possible = commands.filter((command) => !command.onlyKeys && command.isPossible?.() !== false)
  return (
    <Menu label="Commands" loop>
      <Menu.Input value={text} onValueChange={setText} placeholder="Type a command, or part of a title…" />
      <Menu.List>
        <Menu.Empty>Nothing is called that.</Menu.Empty>
        {GROUPS.map((group) => (
          <Menu.Group key={group} heading={group}>
            {possible
              .filter((command) => command.group === group)
              .map(({ id, title, icon, keys, run }) => (
                <Menu.Item key={id} value={title} onSelect={() => choose(run)}>
                  <Icon name={icon} />
                  <span className="grow">{title}</span>
                  {keys && <Keys of={keys[0]!} />}
                </Menu.Item>
              ))}
          </Menu.Group>
        ))}
        <FoundIssues text={text} choose={choose} />
      </Menu.List>
    </Menu>
  )
}

function FoundIssues({ text, choose }: { text: string; choose: (run: () => void) => void }): ReactNode {
  const wanted = useDeferredValue(text.trim().toLowerCase())
  const filter = useMemo(
    () =>
      ({ $id, title }: Issue) =>
        title.toLowerCase().includes(wanted) || codeOf($id).toLowerCase() === wanted,
    [wanted],
  )
  const ids = useIds(Issue, wanted.length < 2 ? null : { filter, orderBy: ['priority'], limit: 8 })
  if (ids.length === 0) return null
  return (
    <Menu.Group heading="Issues">
      {ids.map((id) => (
        <FoundIssue key={id} id={id} choose={choose} />
      ))}
    </Menu.Group>
  )
}

function FoundIssue({ id, choose }: { id: string; choose: (run: () => void) => void }): ReactNode {
  const [issue] = useItem(Issue, id)
  if (!issue) return null
  const open = (): void => {
    goTo(id)
    openIssue(id)
  }
  return (
    <Menu.Item value={id} keywords={[issue.title, codeOf(id)]} onSelect={() => choose(open)}>
      <StatusIcon status={issue.status} />
      <span className="grow clip">{issue.title}</span>
      <span className="code">{codeOf(id)}</span>
    </Menu.Item>
  )
}
