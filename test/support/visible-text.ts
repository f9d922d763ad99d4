import ts from 'typescript'

/** Attributes whose text people see or hear. */
const SPOKEN = new Set([
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'aria-valuetext',
  'title',
  'placeholder',
  'alt',
  'label',
  'sideLabel',
  'lead',
  'description',
])
/** What is the same in every language: the name, and what is read by the letter. */
const NAMES = new Set(['Granary'])
const LETTERS = /\p{L}/u

/** Text in a component that people would see and no message file holds, as `line: text`. */
export function visibleText(source: string, name = 'component.tsx'): string[] {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const found: string[] = []
  const say = (node: ts.Node, text: string) => {
    const said = text.replace(/\s+/g, ' ').trim()
    if (!LETTERS.test(said) || NAMES.has(said)) return
    found.push(`${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${said}`)
  }
  /** Every literal that an expression may come to: branches, templates, sums; what is called or looked up is no text. */
  const literals = (node: ts.Expression): void => {
    if (ts.isStringLiteralLike(node)) say(node, node.text)
    else if (ts.isTemplateExpression(node))
      for (const part of [node.head, ...node.templateSpans.map(({ literal }) => literal)])
        say(part, part.text)
    else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(literals)
    else if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node))
      literals(node.expression)
    else if (ts.isBinaryExpression(node)) {
      const { kind } = node.operatorToken
      const isChoice =
        kind === ts.SyntaxKind.AmpersandAmpersandToken ||
        kind === ts.SyntaxKind.BarBarToken ||
        kind === ts.SyntaxKind.QuestionQuestionToken
      if (isChoice || kind === ts.SyntaxKind.PlusToken) {
        if (kind !== ts.SyntaxKind.AmpersandAmpersandToken) literals(node.left)
        literals(node.right)
      }
    }
  }
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) say(node, node.text)
    // Words for a number, which differ from language to language: `count(n, 'dataset')`.
    else if (ts.isCallExpression(node) && node.expression.getText() === 'count')
      node.arguments.forEach(literals)
    else if (ts.isJsxExpression(node) && node.expression && !ts.isJsxAttribute(node.parent))
      literals(node.expression)
    else if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText()) && node.initializer) {
      if (ts.isStringLiteral(node.initializer)) say(node.initializer, node.initializer.text)
      else if (ts.isJsxExpression(node.initializer) && node.initializer.expression)
        literals(node.initializer.expression)
    } else if (
      // `document.title = 'Something'`
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      /(?:^|\.)title$/.test(node.left.getText())
    )
      literals(node.right)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}
