import { type ReactNode, useCallback } from 'react'
import { editTitle } from '../selection/selection.js'
import { TextInput } from '../text/text-input.js'

/** A title being edited where it stands. What is typed is written at once; enter and escape only leave. */
export function TitleEditor({ title, onText }: { title: string; onText: (title: string) => void }): ReactNode {
  const focus = useCallback((form: HTMLFormElement | null) => {
    const field = form?.querySelector('input')
    field?.focus()
    field?.setSelectionRange(field.value.length, field.value.length)
  }, [])
  return (
    <form
      className="title-editor"
      ref={focus}
      onSubmit={(event) => {
        event.preventDefault()
        editTitle(null)
      }}
      onClick={(event) => event.stopPropagation()}
    >
      <TextInput
        value={title}
        onText={onText}
        aria-label="Title"
        autoComplete="off"
        spellCheck
        onBlur={() => editTitle(null)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          editTitle(null)
        }}
      />
    </form>
  )
}
