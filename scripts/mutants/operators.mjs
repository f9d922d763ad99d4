// The mutants of one Solidity file: each a small edit of its text, found in its syntax tree.
//
// What is changed: relational, arithmetic, boolean and bit operators; numbers; strings (the types of messages);
// conditions made true or false, which takes requirements and early returns away; assignments, calls and emits removed;
// modifiers removed. Loops keep their counters: a mutant that never ends says nothing.
import solc from 'solc'

const SWAPS = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '==': ['!='],
  '!=': ['=='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&&': ['||'],
  '||': ['&&'],
  '&': ['|'],
  '|': ['&'],
  '<<': ['>>'],
  '>>': ['<<'],
}
const ASSIGNMENTS = { '+=': ['-=', '='], '-=': ['+=', '='], '|=': ['&='], '&=': ['|='] }

/**
 * All mutants of a file, in the order of the text.
 * @returns `{start, end, text, line, was, becomes}`: bytes `start` to `end` are replaced by `text`; the rest is for people.
 * @throws Error if the file does not parse
 */
export function mutantsOf(file, source) {
  const bytes = Buffer.from(source)
  const found = []
  const textOf = ({ src }) => {
    const [start, length] = src.split(':').map(Number)
    return { start, end: start + length, text: bytes.subarray(start, start + length).toString() }
  }
  const edit = (start, end, text) => {
    const line = bytes.subarray(0, start).toString().split('\n').length
    const whole = (from, to, between) => {
      const first = bytes.lastIndexOf('\n', start - 1) + 1
      const last = bytes.indexOf('\n', end) < 0 ? bytes.length : bytes.indexOf('\n', end)
      return `${bytes.subarray(first, from)}${between}${bytes.subarray(to, last)}`.trim().replace(/\s+/g, ' ')
    }
    const was = whole(start, end, bytes.subarray(start, end))
    found.push({ start, end, text, line, was, becomes: whole(start, end, text) || '(nothing)' })
  }
  const replace = (node, text) => edit(textOf(node).start, textOf(node).end, text)
  /** Swaps the operator that stands between two nodes. */
  const operator = (left, right, sign, instead) => {
    const from = textOf(left).end
    const at = bytes.subarray(from, textOf(right).start).indexOf(sign) + from
    for (const text of instead) edit(at, at + sign.length, text)
  }

  const RULES = {
    BinaryOperation: (node) =>
      operator(node.leftExpression, node.rightExpression, node.operator, SWAPS[node.operator] ?? []),
    UnaryOperation: (node) => {
      if (node.operator === '!' || node.operator === '~') replace(node, textOf(node.subExpression).text)
      if (node.operator === '++' && node.prefix) replace(node, textOf(node.subExpression).text)
    },
    Assignment: (node) =>
      operator(node.leftHandSide, node.rightHandSide, node.operator, ASSIGNMENTS[node.operator] ?? []),
    IfStatement: (node) => {
      replace(node.condition, 'false')
      const leaves = ['RevertStatement', 'Return'].includes(node.trueBody.nodeType)
      if (!leaves) replace(node.condition, 'true')
    },
    Conditional: (node) => {
      replace(node, `(${textOf(node.trueExpression).text})`)
      replace(node, `(${textOf(node.falseExpression).text})`)
    },
    ExpressionStatement: (node) => {
      const { expression } = node
      if (expression.nodeType === 'UnaryOperation' && expression.operator === '++') return
      const { start, end } = textOf(node)
      edit(start, bytes.indexOf(';', end - 1) + 1, '{}')
    },
    EmitStatement: (node) => {
      const { start, end } = textOf(node)
      edit(start, bytes.indexOf(';', end - 1) + 1, '{}')
    },
    ModifierInvocation: (node, parent) => {
      if (parent.kind !== 'constructor') replace(node, '')
    },
    Literal: (node) => {
      if (node.kind === 'string') replace(node, `${textOf(node).text.slice(0, -1)}?"`)
      if (node.kind === 'number' && !node.value.startsWith('0x')) {
        replace(node, `${Number(node.value) + 1}${node.subdenomination ? ` ${node.subdenomination}` : ''}`)
        if (Number(node.value) > 0) {
          replace(node, `${Number(node.value) - 1}${node.subdenomination ? ` ${node.subdenomination}` : ''}`)
        }
      }
      if (node.kind === 'number' && node.value.startsWith('0x')) replace(node, `${node.value.slice(0, -1)}c`)
      if (node.kind === 'bool') replace(node, node.value === 'true' ? 'false' : 'true')
    },
  }
  // Not entered: what only names something, and a loop's counter.
  const SKIPPED = new Set([
    'ImportDirective',
    'PragmaDirective',
    'UsingForDirective',
    'ArrayTypeName',
    'StructuredDocumentation',
  ])

  const walk = (node, parent) => {
    if (node === null || typeof node !== 'object' || SKIPPED.has(node.nodeType)) return
    if (Array.isArray(node)) {
      for (const each of node) walk(each, parent)
      return
    }
    if (node.nodeType) RULES[node.nodeType]?.(node, parent)
    for (const [name, child] of Object.entries(node)) {
      if (node.nodeType === 'ForStatement' && name !== 'body') continue
      if (child !== null && typeof child === 'object') walk(child, node.nodeType ? node : parent)
    }
  }
  walk(treeOf(file, source), {})
  return found.sort((a, b) => a.start - b.start || a.end - b.end)
}

/** A file's syntax tree, without looking at what it imports. */
function treeOf(file, source) {
  const input = {
    language: 'Solidity',
    sources: { [file]: { content: source } },
    settings: { stopAfter: 'parsing', outputSelection: { '*': { '': ['ast'] } } },
  }
  const { sources, errors = [] } = JSON.parse(solc.compile(JSON.stringify(input)))
  const fault = errors.find(({ severity }) => severity === 'error')
  if (fault) throw new Error(`${file}: ${fault.formattedMessage}`)
  return sources[file].ast
}
