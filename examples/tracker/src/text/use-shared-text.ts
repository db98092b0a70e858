import { type ComponentProps, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { moveCaret } from './merge-text.js'
import { TextSession } from './text-session.js'

type Field = HTMLInputElement | HTMLTextAreaElement
type FieldProps = Pick<
  ComponentProps<'input'>,
  'defaultValue' | 'onInput' | 'onCompositionStart' | 'onCompositionEnd' | 'onBlur'
>

/**
 * Binds a text field to `value`, which others change too. The field keeps its own text, so that the caret stays where it is;
 * what is typed is written at each letter, and what comes meanwhile is merged into it.
 */
export function useSharedText<E extends Field>(
  value: string,
  write: (text: string) => void,
  isOneLine = false,
): { readonly ref: React.RefObject<E | null>; readonly props: FieldProps } {
  const ref = useRef<E>(null)
  const [session] = useState(() => new TextSession(value))
  const isComposing = useRef(false)
  const latest = useRef({ value, write })
  useLayoutEffect(() => {
    latest.current = { value, write }
  })

  // What came from elsewhere goes into the field, and the caret stays behind its letter.
  const receive = (stored: string): void => {
    const field = ref.current
    if (!field || isComposing.current) return
    const merged = session.receive(stored, performance.now())
    if (!merged) return
    show(field, merged.text)
    if (merged.write) latest.current.write(merged.text)
  }
  const receiveLatest = useRef(receive)
  useEffect(() => {
    receiveLatest.current = receive
  })
  useLayoutEffect(() => receiveLatest.current(value), [value])

  const typed = (): void => {
    const field = ref.current!
    // Lines come by pasting.
    if (isOneLine && field.value.includes('\n')) show(field, field.value.replaceAll(/\s*\n\s*/g, ' '))
    const text = field.value
    session.type(text, performance.now())
    latest.current.write(text)
  }
  return {
    ref,
    props: {
      defaultValue: value,
      onInput: () => {
        // Half a character of an input method is nothing to tell others.
        if (!isComposing.current) typed()
      },
      onCompositionStart: () => {
        isComposing.current = true
      },
      onCompositionEnd: () => {
        isComposing.current = false
        typed()
        receive(latest.current.value)
      },
      onBlur: () => {
        const { value: stored } = latest.current
        if (session.reset(stored)) show(ref.current!, stored)
      },
    },
  }
}

function show(field: Field, text: string): void {
  const before = field.value
  if (before === text) return
  const { selectionStart, selectionEnd, selectionDirection } = field
  field.value = text
  // Setting the selection of a field that has no focus would scroll to it.
  if (document.activeElement !== field) return
  field.setSelectionRange(
    moveCaret(before, text, selectionStart ?? 0),
    moveCaret(before, text, selectionEnd ?? 0),
    selectionDirection ?? 'none',
  )
}
