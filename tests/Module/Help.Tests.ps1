# What the help says against what the cmdlets are, so that neither the pages nor the MAML file can fall behind.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    Import-Module $manifest
    $cmdlets = Get-Command -Module FtpTools | ForEach-Object Name
    $topics = 'about_FtpTools', 'about_FtpModes', 'about_FtpTls', 'about_FtpTransfers', 'about_FtpServers', 'about_FtpReliability', 'about_FtpAutomation', 'about_FtpScaleOut', 'about_FtpMigration'
}

BeforeAll {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path
    $pages = Join-Path $root 'docs/en-US'
    $mamlFile = Join-Path $root 'src/FtpTools/en-US/FtpTools.dll-Help.xml'
    Import-Module "$PSScriptRoot/TestServer.psm1"
    Import-Module $manifest

    # Those of PowerShell itself, but for -WhatIf and -Confirm, which a cmdlet has or has not.
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters

    # A cmdlet's own parameters, each as a line that says all that the help says about it.
    function Get-RealParameter([string] $Name) {
        foreach ($parameter in (Get-Command $Name).Parameters.Values | Where-Object Name -notin $common | Sort-Object Name) {
            $sets = foreach ($set in $parameter.ParameterSets.GetEnumerator()) {
                $setName = if ($set.Key -eq '__AllParameterSets') { '(All)' } else { $set.Key }
                $position = if ($set.Value.Position -lt 0) { 'Named' } else { $set.Value.Position }
                '{0}: {1} {2} {3} {4}' -f $setName, $position, $set.Value.IsMandatory, $set.Value.ValueFromPipeline, $set.Value.ValueFromPipelineByPropertyName
            }
            $wildcards = [bool]($parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.SupportsWildcardsAttribute] })
            '-{0} <{1}> wildcards {2}, aliases ({3}), {4}' -f $parameter.Name, $parameter.ParameterType, $wildcards,
                (($parameter.Aliases | Sort-Object) -join ' '), (($sets | Sort-Object) -join '; ')
        }
    }

    # The same from the page's YAML blocks.
    function Get-PageParameter([string] $Name) {
        $text = [IO.File]::ReadAllText((Join-Path $pages "$Name.md"))
        $blocks = [regex]::Matches($text, '(?ms)^### -(?<name>\w+)\s*?$.*?^```yaml\s*?$(?<yaml>.*?)^```')
        foreach ($block in $blocks | Sort-Object { $_.Groups['name'].Value }) {
            $yaml = $block.Groups['yaml'].Value
            $value = { param($key) [regex]::Match($yaml, "(?m)^$key`: '?(.*?)'?\s*?$").Groups[1].Value }
            $aliases = [regex]::Match($yaml, '(?m)^Aliases:\s*?$((?:\s+- .*$)*)').Groups[1].Value -split '\s+-\s+' | ForEach-Object Trim | Where-Object { $_ }
            $sets = foreach ($set in [regex]::Matches($yaml, '(?m)^- Name: (?<name>.*?)\s*$(?<rest>(?:\s+\w+: .*$)*)')) {
                $field = { param($key) [regex]::Match($set.Groups['rest'].Value, "$key`: (\w+)").Groups[1].Value }
                '{0}: {1} {2} {3} {4}' -f $set.Groups['name'].Value, (& $field Position), (& $field IsRequired),
                    (& $field ValueFromPipeline), (& $field ValueFromPipelineByPropertyName)
            }
            '-{0} <{1}> wildcards {2}, aliases ({3}), {4}' -f $block.Groups['name'].Value, (& $value Type), (& $value SupportsWildcards),
                (($aliases | Sort-Object) -join ' '), (($sets | Sort-Object) -join '; ')
        }
    }

    function ConvertTo-OneLine([string] $Text) { ($Text -replace '\s+', ' ').Trim() }
}

AfterAll {
    Remove-Module FtpTools
}

Describe 'The page of <_>' -ForEach $cmdlets {
    BeforeAll {
        $name = $_
        $page = [IO.File]::ReadAllText((Join-Path $pages "$name.md"))
    }

    It 'describes each parameter as it is' {
        Get-PageParameter $name | Should -Be @(Get-RealParameter $name)
    }

    It 'gives the syntax of each parameter set' {
        $syntax = [regex]::Match($page, '(?ms)^## SYNTAX\s*?$(.*?)^## ').Groups[1].Value
        $written = [regex]::Matches($syntax, '(?ms)^### (?<set>\S+).*?^```\w*\s*?$(?<text>.*?)^```') | ForEach-Object {
            '{0}: {1}' -f $_.Groups['set'].Value, (ConvertTo-OneLine ($_.Groups['text'].Value -replace '\[<CommonParameters>\]'))
        }
        $real = (Get-Command $name).ParameterSets | ForEach-Object {
            '{0}: {1}' -f $_.Name, (ConvertTo-OneLine "$name $("$_" -replace '\[<CommonParameters>\]')")
        }
        $written | Sort-Object | Should -Be @($real | Sort-Object)
    }

    It 'leaves nothing for later' {
        # PlatyPS marks with {{ }} what it could not know.
        $page -split '\n' | Where-Object { $_ -match '\{\{' } | Should -BeNullOrEmpty
        [regex]::Matches($page, '(?m)^### -\w+\s*\n\s*```') | ForEach-Object Value | Should -BeNullOrEmpty
    }
}

Describe 'Get-Help <_>' -ForEach $cmdlets {
    BeforeAll {
        $name = $_
        $help = Get-Help "FtpTools\$name" -Full
    }

    It 'has a synopsis and a description' {
        # Without a help file PowerShell makes a synopsis out of the syntax.
        $help.Synopsis | Should -Match '^[A-Z][^<\[]+\.\s*$'
        ($help.description | Out-String).Trim() | Should -Not -BeNullOrEmpty
    }

    It 'has an example that calls it' {
        @($help.examples.example).Count | Should -BeGreaterOrEqual 1
        Get-Help "FtpTools\$name" -Examples | Out-String | Should -Match "(?s)EXAMPLE.*\b$name\b"
        $help.examples.example | ForEach-Object { "$($_.code) $($_.remarks | Out-String)" } | Select-String -SimpleMatch $name | Should -Not -BeNullOrEmpty
    }

    It 'shows no marks of the page' {
        $help | Out-String -Width 200 | Should -Not -Match '```'
    }

    It 'knows each parameter, and no other' {
        $real = (Get-Command $name).Parameters.Values | Where-Object Name -notin $common
        $help.parameters.parameter | ForEach-Object { $_.name } | Sort-Object | Should -Be @($real.Name | Sort-Object)
        foreach ($parameter in $help.parameters.parameter) {
            ($parameter.description | Out-String).Trim() | Should -Not -BeNullOrEmpty -Because "-$($parameter.name) needs a description"
            $aliases = ($real | Where-Object Name -eq $parameter.name).Aliases | Sort-Object
            @($parameter.aliases -split ',\s*' | Where-Object { $_ -and $_ -ne 'none' } | Sort-Object) -join ' ' |
                Should -Be ($aliases -join ' ') -Because "these are the aliases of -$($parameter.name)"
        }
    }

    It 'knows each parameter set' {
        $known = $help.syntax.syntaxItem | ForEach-Object { ($_.parameter | ForEach-Object name | Sort-Object) -join ' ' }
        $real = (Get-Command $name).ParameterSets | ForEach-Object { ($_.Parameters.Name | Where-Object { $_ -notin $common } | Sort-Object) -join ' ' }
        $known | Sort-Object | Should -Be @($real | Sort-Object)
    }
}

Describe 'The help files' {
    It 'have a page for each cmdlet and none for another' {
        Get-ChildItem $pages -Filter *-*.md | ForEach-Object BaseName | Sort-Object | Should -Be @((Get-Command -Module FtpTools).Name | Sort-Object)
    }

    It 'are in the built module as they were checked in' {
        $built = Join-Path (Split-Path $manifest) 'en-US'
        Get-ChildItem $built | ForEach-Object Name | Sort-Object |
            Should -Be @(@('FtpTools.dll-Help.xml') + @(Get-ChildItem $pages -Filter about_*.help.txt | ForEach-Object Name) | Sort-Object)
        (Get-FileHash (Join-Path $built 'FtpTools.dll-Help.xml')).Hash | Should -Be (Get-FileHash $mamlFile).Hash
    }

    It 'say in MAML what the pages say (if not, run the task Docs)' {
        Skip-Test -If (-not (Get-Module -ListAvailable Microsoft.PowerShell.PlatyPS | Where-Object { $_.Version.Major -eq 1 })) -Because 'PlatyPS 1.0, which makes the MAML, is not installed, and NuGet does not have it'
        $made = Join-Path $TestDrive 'made.xml'
        & (Join-Path $root 'docs/Export-Help.ps1') -PlatyPS Microsoft.PowerShell.PlatyPS -OutputPath $made
        # The words alone: releases of PlatyPS differ in their white space.
        ConvertTo-OneLine ([xml][IO.File]::ReadAllText($made)).InnerText |
            Should -Be (ConvertTo-OneLine ([xml][IO.File]::ReadAllText($mamlFile)).InnerText)
    }

    It 'have <_>' -ForEach $topics {
        $text = Get-Help $_ | Out-String
        $text | Should -Match 'SHORT DESCRIPTION'
        $text.Length | Should -BeGreaterThan 1000
    }
}

Describe 'The lines of about_FtpMigration' {
    It 'name cmdlets and parameters that there are' {
        $text = [IO.File]::ReadAllText((Join-Path $pages 'about_FtpMigration.help.txt'))
        $lines = [regex]::Matches($text, '(?m)^ +-> (.+(?:(?<=[`|])\r?\n.+)*)') | ForEach-Object { $_.Groups[1].Value -replace '\s+\(SHA-256\)' }
        $lines.Count | Should -BeGreaterThan 40
        foreach ($line in $lines | Where-Object { $_ -notmatch ',.*-Ftp.*,|\.\.\.' }) {
            $errors = $null
            $ast = [System.Management.Automation.Language.Parser]::ParseInput($line, [ref]$null, [ref]$errors)
            $errors | Should -BeNullOrEmpty -Because $line
            foreach ($call in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                $command = Get-Command $call.GetCommandName()
                foreach ($parameter in $call.CommandElements.Where({ $_ -is [System.Management.Automation.Language.CommandParameterAst] })) {
                    { $command.ResolveParameter($parameter.ParameterName) } | Should -Not -Throw -Because $line
                }
            }
        }
    }
}
