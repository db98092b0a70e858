import * as Dialog from '@radix-ui/react-dialog'
import { useStore } from 'ibex-state/react'
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { isMac } from '../commands/hotkeys.js'
import { createIssue, createLabel, type IssueDraft } from '../data/create.js'
import { NO_PRIORITY, type Priority, type Status } from '../data/issue.js'
import { personOf } from '../data/people.js'
import { codeOf, PRIORITY_NAMES, STATUS_NAMES } from '../data/terms.js'
import { Avatar } from '../look/avatar.js'
import { Icon, PriorityIcon, StatusIcon } from '../look/icons.js'
import { FieldButton } from '../pick/field-button.js'
import { goTo } from '../selection/selection.js'
import { useCell } from '../shell/cell.js'
import { closeOverlay, overlay } from '../shell/overlay.js'
import { toast } from '../toast/toasts.js'
import { currentView, openIssue } from '../view/use-view.js'
import { NOBODY, toggled } from '../view/view-state.js'
import { Tags } from './tags.js'

/** The form for a new issue. */
export function CreateDialog(): ReactNode {
  const shown = useCell(overlay)
  const isOpen = shown?.kind === 'create'
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && closeOverlay()}>
      <Dialog.Portal>
        <Dialog.Overlay className="veil" />
        <Dialog.Content className="create" aria-describedby={undefined}>
          {isOpen && <Form status={shown.status} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

interface Draft {
  readonly title: string
  readonly description: string
  readonly status: Status
  readonly priority: Priority
  readonly assignee: string | undefined
  readonly tags: readonly string[]
}

/** A view that shows one value of a field only gives it to what is made there. */
function draftFor(status: Status | undefined): Draft {
  const view = currentView()
  const [assignee] = view.assignees
  return {
    title: '',
    description: '',
    status: status ?? view.statuses[0] ?? 'todo',
    priority: view.priorities.length === 1 ? view.priorities[0]! : NO_PRIORITY,
    assignee: view.assignees.length === 1 && assignee !== NOBODY ? assignee : undefined,
    tags: view.tags.length === 1 ? view.tags : [],
  }
}

function Form({ status }: { status: Status | undefined }): ReactNode {
  const store = useStore()
  const [draft, setDraft] = useState(() => draftFor(status))
  const change = (changes: Partial<Draft>): void => setDraft((now) => ({ ...now, ...changes }))
  const isEmpty = draft.title.trim() === ''
  const submit = (): void => {
    if (isEmpty) return
    const issue = createIssue(store, { ...draft, title: draft.title.trim() } satisfies IssueDraft)
    closeOverlay()
    goTo(issue.$id)
    toast(`${codeOf(issue.$id)} created`, { label: 'Open', run: () => openIssue(issue.$id) })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    submit()
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      onKeyDown={onKeyDown}
    >
      <Dialog.Title className="create-head">New issue</Dialog.Title>
      <input
        className="create-title"
        value={draft.title}
        onChange={(event) => change({ title: event.target.value })}
        placeholder="Title"
        aria-label="Title"
        autoComplete="off"
        // The dialog was opened to type this.
        autoFocus
      />
      <textarea
        className="create-description"
        value={draft.description}
        onChange={(event) => change({ description: event.target.value })}
        placeholder="Add a description…"
        aria-label="Description"
        rows={4}
      />
      <DraftFields draft={draft} change={change} />
      <footer>
        <Dialog.Close className="text-button">Cancel</Dialog.Close>
        <button type="submit" className="main-button" disabled={isEmpty}>
          Create issue <kbd>{isMac ? '⌘' : 'Ctrl'} ↵</kbd>
        </button>
      </footer>
    </form>
  )
}

function DraftFields({ draft, change }: { draft: Draft; change: (changes: Partial<Draft>) => void }): ReactNode {
  const store = useStore()
  return (
    <div className="fields">
      <FieldButton field="status" values={[draft.status]} onPick={(value) => change({ status: value as Status })}>
        <StatusIcon status={draft.status} />
        {STATUS_NAMES[draft.status]}
      </FieldButton>
      <FieldButton
        field="priority"
        values={[String(draft.priority)]}
        onPick={(value) => change({ priority: Number(value) as Priority })}
      >
        <PriorityIcon priority={draft.priority} />
        {draft.priority === NO_PRIORITY ? 'Priority' : PRIORITY_NAMES[draft.priority]}
      </FieldButton>
      <FieldButton
        field="assignee"
        values={[draft.assignee ?? NOBODY]}
        onPick={(value) => change({ assignee: value === NOBODY ? undefined : value })}
      >
        <Avatar id={draft.assignee} />
        {draft.assignee ? personOf(draft.assignee).name : 'Assignee'}
      </FieldButton>
      <FieldButton
        field="tags"
        values={draft.tags}
        onPick={(value) => change({ tags: toggled(draft.tags, value) })}
        onCreate={(name) => change({ tags: [...draft.tags, createLabel(store, name)] })}
      >
        {draft.tags.length > 0 ? (
          <Tags ids={draft.tags} />
        ) : (
          <>
            <Icon name="tag" />
            Label
          </>
        )}
      </FieldButton>
    </div>
  )
}
