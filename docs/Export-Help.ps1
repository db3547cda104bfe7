<#
.SYNOPSIS
Makes the module's MAML help of the pages in docs/en-US, with PlatyPS 1.0.
.DESCRIPTION
PlatyPS writes each example with its Markdown fences into the introduction, with U+0080 between the parts, keeps the line
ends of the Markdown text, and leaves default values out. Get-Help shows all that as it is; so it is mended here.
.PARAMETER PlatyPS
The manifest of Microsoft.PowerShell.PlatyPS.
.PARAMETER OutputPath
The file to write.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $PlatyPS,
    [Parameter(Mandatory)] [string] $OutputPath
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $PlatyPS

$draft = Join-Path ([IO.Path]::GetTempPath()) ([guid]::NewGuid())
$pages = Get-ChildItem (Join-Path $PSScriptRoot 'en-US') -Filter *-*.md | Sort-Object Name |
    ForEach-Object { Import-MarkdownCommandHelp -Path $_.FullName }
$maml = [xml]::new()
try {
    $file = $pages | Export-MamlCommandHelp -OutputFolder $draft
    $maml.Load(@($file)[0].FullName)
}
finally { Remove-Item $draft -Recurse -ErrorAction Ignore }

$names = [Xml.XmlNamespaceManager]::new($maml.NameTable)
$names.AddNamespace('maml', 'http://schemas.microsoft.com/maml/2004/10')
$names.AddNamespace('command', 'http://schemas.microsoft.com/maml/dev/command/2004/10')
$names.AddNamespace('dev', 'http://schemas.microsoft.com/maml/dev/2004/10')

function Add-Element($Parent, [string] $Name, [string] $Text) {
    $prefix = $Name.Split(':')[0]
    $element = $Parent.OwnerDocument.CreateElement($prefix, $Name.Split(':')[1], $names.LookupNamespace($prefix))
    $element.InnerText = $Text
    $null = $Parent.AppendChild($element)
}

foreach ($example in $maml.SelectNodes('//command:example', $names)) {
    $introduction = $example.SelectSingleNode('maml:introduction', $names)
    $text = @($introduction.SelectNodes('maml:para', $names) | ForEach-Object { $_.InnerText }) -join "`n`n"
    $text = $text.Replace([string][char]0x80, '')
    # What it puts out, in a block of its own, goes with it: within the remarks its lines would run together.
    if ($text -notmatch '(?s)^```powershell\n(?<code>.*?)\n```(?:\s*```output\n(?<output>.*?)\n```)?(?<remarks>.*)$') {
        throw "An example does not begin with a block of PowerShell: $text"
    }
    if ($Matches['remarks'] -match '```') { throw "An example shows output behind its remarks, where Get-Help has it raw: $text" }
    $introduction.RemoveAll()
    $code = if ($Matches['output']) { $Matches['code'] + "`n`n" + $Matches['output'] } else { $Matches['code'] }
    $example.SelectSingleNode('dev:code', $names).InnerText = $code
    $remarks = $example.SelectSingleNode('dev:remarks', $names)
    Add-Element $remarks 'maml:para' $Matches['remarks'].Trim()
    Add-Element $remarks 'maml:para' '' # the empty line before the next example
}

# A line end within a paragraph is no line end on the screen, where the lines have another length. Lists keep theirs.
foreach ($paragraph in $maml.SelectNodes('//maml:para', $names)) {
    $parts = $paragraph.InnerText -replace "`r" -split '\n\s*\n' | ForEach-Object { $_ -replace '\n\s*(?!- )', ' ' }
    $paragraph.InnerText = ($parts | Where-Object { $_.Trim() }) -join "`n`n"
}

foreach ($page in $pages) {
    foreach ($parameter in $page.Parameters | Where-Object DefaultValue) {
        $path = "//command:command[command:details/command:name='$($page.Title)']/command:parameters/command:parameter[maml:name='$($parameter.Name)']"
        $maml.SelectNodes($path, $names) | ForEach-Object { Add-Element $_ 'dev:defaultValue' $parameter.DefaultValue }
    }
}

# Users know the type by what they may write.
foreach ($type in $maml.SelectNodes('//command:parameterValue | //dev:type/maml:name', $names)) {
    $type.InnerText = $type.InnerText -replace '^System\.Nullable`1\[(.*)\]$', '$1'
}

# The pages are not online, and their file names lead nowhere from a prompt.
foreach ($link in $maml.SelectNodes('//maml:navigationLink', $names)) {
    $uri = $link.SelectSingleNode('maml:uri', $names)
    if ($link.SelectSingleNode('maml:linkText', $names).InnerText -eq 'Online Version' -and -not $uri.InnerText) {
        $null = $link.ParentNode.RemoveChild($link)
    }
    else { $uri.InnerText = '' }
}

# With LF and without a byte order mark, like every text of the repository.
$settings = [Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; Encoding = [Text.UTF8Encoding]::new($false) }
$null = New-Item -ItemType Directory -Force (Split-Path $OutputPath)
$writer = [Xml.XmlWriter]::Create($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutputPath), $settings)
try {
    $maml.Save($writer)
    $writer.WriteWhitespace("`n")
}
finally { $writer.Dispose() }
