BeforeDiscovery {
    $script:targets = 'net8.0', 'netstandard2.0'
}

BeforeAll {
    $root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $module = Split-Path $manifest
    $shell = Get-PowerShellPath

    # Runs a script in a PowerShell that has nothing loaded yet; gives back its two outputs, apart, and its exit code.
    function Invoke-Fresh([string] $Script) {
        $file = Join-Path $TestDrive 'fresh.ps1'
        $output = Join-Path $TestDrive 'output.txt'
        $errors = Join-Path $TestDrive 'errors.txt'
        $variables = "`$ErrorActionPreference = 'Stop'; `$root = '$root'; `$manifest = '$manifest'`n"
        [IO.File]::WriteAllText($file, $variables + $Script)
        $process = Start-Process $shell "-NoProfile -NonInteractive -File `"$file`"" -Wait -PassThru -NoNewWindow `
            -RedirectStandardOutput $output -RedirectStandardError $errors
        [pscustomobject]@{
            Output   = @(Get-Content $output -Encoding UTF8)
            Errors   = @(Get-Content $errors -Encoding UTF8)
            ExitCode = $process.ExitCode
        }
    }

    # The assemblies that an assembly asks for, without loading it.
    function Get-Reference([string] $Path) {
        $stream = [IO.File]::OpenRead($Path)
        try {
            $image = [Reflection.PortableExecutable.PEReader]::new($stream)
            $metadata = [Reflection.Metadata.PEReaderExtensions]::GetMetadataReader($image)
            foreach ($handle in $metadata.AssemblyReferences) {
                $reference = $metadata.GetAssemblyReference($handle)
                [pscustomobject]@{ Name = $metadata.GetString($reference.Name); Version = $reference.Version }
            }
        }
        finally { $stream.Dispose() }
    }
}

Describe 'The built module' {
    It 'has a valid manifest, whose version the assemblies share' {
        $version = (Test-ModuleManifest $manifest -WarningAction Stop).Version
        foreach ($file in Get-ChildItem (Join-Path $module 'bin') -Recurse -Filter FtpTools*.dll) {
            [Reflection.AssemblyName]::GetAssemblyName($file.FullName).Version | Should -Be ([version]"$version.0") -Because $file.FullName
        }
    }

    It 'names its prerelease in what the assemblies say of themselves, and its release notes begin with the version' {
        $manifestData = Import-PowerShellDataFile $manifest
        $data = $manifestData.PrivateData.PSData
        $version = $manifestData.ModuleVersion
        if ($data['Prerelease']) { $version += "-$($data.Prerelease)" }
        foreach ($file in Get-ChildItem (Join-Path $module 'bin') -Recurse -Filter FtpTools*.dll) {
            (Get-Item $file.FullName).VersionInfo.ProductVersion | Should -Be $version -Because $file.FullName
        }
        ($data.ReleaseNotes -split '\r?\n')[0] | Should -Be $version
    }

    It 'has the licence, the icon, the format file and the help beside the manifest' {
        # Install-PSResource adds a file of its own.
        Get-ChildItem $module | ForEach-Object Name | Where-Object { $_ -ne 'PSGetModuleInfo.xml' } | Sort-Object |
            Should -Be @('bin', 'en-US', 'FtpTools.Format.ps1xml', 'FtpTools.psd1', 'FtpTools.psm1', 'FtpTools.Types.ps1xml', 'icon.png', 'LICENSE')
        Get-ChildItem (Join-Path $module 'en-US') | ForEach-Object Name | Should -Contain 'FtpTools.dll-Help.xml'
    }

    It 'has the cmdlets and the engine for <_>, and nothing else outside lib' -ForEach $targets {
        Get-ChildItem (Join-Path $module "bin/$_") | ForEach-Object Name | Sort-Object | Should -Be @('FtpTools.Client.dll', 'FtpTools.dll', 'lib')
    }

    It 'has in lib for net8.0 what the runtime has not' {
        $files = Get-ChildItem (Join-Path $module 'bin/net8.0/lib')
        $files.Name | Should -Contain 'FtpTools.Logging.dll'
        $files.Name | Should -Contain 'Microsoft.Extensions.Logging.Console.dll'
        # Of System.* what is newer than the runtime's own.
        $files | Where-Object Name -notmatch '^(FtpTools\.Logging|Microsoft\.Extensions\..+)\.dll$' |
            Where-Object { $_.Name -notlike 'System.*' -or [Reflection.AssemblyName]::GetAssemblyName($_.FullName).Version.Major -le 8 } |
            Should -BeNullOrEmpty
    }

    It 'has in lib for <_> all that its assemblies ask for' -ForEach $targets {
        Skip-Test -If ($PSEdition -eq 'Desktop') -Because 'the .NET Framework does not bring System.Reflection.Metadata'
        $lib = Join-Path $module "bin/$_/lib"
        $given = '^(netstandard|mscorlib|System\.Runtime)$'
        $missing = foreach ($file in Get-ChildItem $lib) {
            Get-Reference $file.FullName | Where-Object { $_.Name -notmatch $given -and -not (Test-Path (Join-Path $lib "$($_.Name).dll")) } |
                # On net8.0 the runtime has the rest of System.*, at version 8; netstandard2.0 has no other than those two.
                Where-Object { $lib -notmatch 'net8\.0' -or $_.Name -notmatch '^System\.' -or $_.Version.Major -gt 8 } |
                ForEach-Object { "$($_.Name) $($_.Version)" }
        }
        $missing | Sort-Object -Unique | Should -BeNullOrEmpty
    }

    It 'asks of Windows PowerShell 5.1 for nothing but netstandard and System.Management.Automation' {
        Skip-Test -If ($PSEdition -eq 'Desktop') -Because 'the .NET Framework does not bring System.Reflection.Metadata'
        $bin = Join-Path $module 'bin/netstandard2.0'
        (Get-Reference (Join-Path $bin 'FtpTools.dll')).Name | Sort-Object |
            Should -Be @('FtpTools.Client', 'FtpTools.Logging', 'netstandard', 'System.Management.Automation')
        (Get-Reference (Join-Path $bin 'FtpTools.Client.dll')).Name | Should -Be 'netstandard'
    }
}

Describe 'Import-Module' {
    It 'brings the cmdlets that the manifest names, without a warning' {
        $run = Invoke-Fresh @'
Import-Module $manifest
(Get-Command -Module FtpTools | Sort-Object Name).Name
'@
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -Be @((Test-ModuleManifest $manifest).ExportedCmdlets.Keys | Sort-Object)
        $run.Output.Count | Should -BeGreaterOrEqual 11
    }

    It 'leaves no cmdlet out of the manifest' {
        $run = Invoke-Fresh @'
$target = if ($PSEdition -eq 'Core') { 'net8.0' } else { 'netstandard2.0' }
(Import-Module (Join-Path (Split-Path $manifest) "bin/$target/FtpTools.dll") -PassThru).ExportedCmdlets.Keys | Sort-Object
'@
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -Be @((Test-ModuleManifest $manifest).ExportedCmdlets.Keys | Sort-Object)
    }

    It 'is clean when it is done again and again with -Force' {
        $run = Invoke-Fresh @'
Import-Module $manifest
Import-Module $manifest -Force
Import-Module $manifest -Force
Remove-Module FtpTools
Import-Module $manifest
"$($Error.Count) errors, $(@(Get-Module FtpTools).Count) module"
'@
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -Be '0 errors, 1 module'
        $run.ExitCode | Should -Be 0
    }

    It 'is found by several runspaces that autoload it at once' {
        Skip-Test -If ($PSEdition -eq 'Desktop') -Because 'Windows PowerShell has no ForEach-Object -Parallel'
        $run = Invoke-Fresh @'
$env:PSModulePath = (Split-Path (Split-Path $manifest)) + [IO.Path]::PathSeparator + $env:PSModulePath
1..8 | ForEach-Object -ThrottleLimit 8 -Parallel { (Get-Command Get-FtpSession).Source }
'@
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -Be (@('FtpTools') * 8)
    }

    It 'takes a prefix' {
        $run = Invoke-Fresh 'Import-Module $manifest -Prefix My; (Get-Command -Module FtpTools -Name Get-MyFtp*).Name | Sort-Object'
        $run.Errors | Should -BeNullOrEmpty
        $names = (Test-ModuleManifest $manifest).ExportedCmdlets.Keys -like 'Get-Ftp*'
        $run.Output | Should -Be @($names -replace '^Get-', 'Get-My' | Sort-Object)
    }

    It 'has errors name cmdlets as the prefix has them' {
        $run = Invoke-Fresh 'Import-Module $manifest -Prefix My; try { Get-MyFtpItem /a } catch { "$_" }'
        $run.Output | Should -BeLike '*Run Connect-MyFtp first*'
    }

    It 'makes the types of the engine known by name' {
        $run = Invoke-Fresh 'Import-Module $manifest; [FtpTools.FtpMode]::Active'
        $run.Output | Should -Be 'Active'
    }

    It 'does not load the console logger' {
        $run = Invoke-Fresh 'Import-Module $manifest; [AppDomain]::CurrentDomain.GetAssemblies().FullName -match "Logging|Microsoft\.Extensions"'
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -BeNullOrEmpty
    }
}

Describe 'The console log' {
    BeforeAll {
        # Another module has loaded an older version before.
        $run = Invoke-Fresh @'
$other = [Reflection.Assembly]::LoadFrom((Join-Path $root 'out/OlderLogging/Microsoft.Extensions.Logging.Abstractions.dll'))
Import-Module $manifest

# A server that turns everybody away makes a log line without a login.
$listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
$listener.Start()
$server = [PowerShell]::Create().AddScript({
    param($listener)
    $client = $listener.AcceptTcpClient()
    $reply = [Text.Encoding]::ASCII.GetBytes("421 Come back later.`r`n")
    $client.GetStream().Write($reply, 0, $reply.Length)
    $client.Dispose()
}).AddArgument($listener)
$served = $server.BeginInvoke()
try { Connect-Ftp 127.0.0.1 -Port $listener.LocalEndpoint.Port -LogLevel Debug }
catch { "turned away: $($_.FullyQualifiedErrorId)" }
$server.EndInvoke($served)

$factory = $other.GetType('Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory').GetField('Instance').GetValue($null)
$logger = $factory.CreateLogger('other')
"other: $($logger.GetType().Assembly.GetName().Version)"
[AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { $_.GetName() } |
    Where-Object Name -eq 'Microsoft.Extensions.Logging.Abstractions' | Sort-Object Version | ForEach-Object { "loaded: $($_.Version)" }
'@
    }

    It 'works beside an older version of Microsoft.Extensions.Logging.Abstractions, which works on' {
        $run.Output | Should -Contain 'other: 6.0.0.0'
        $run.Output | Should -Contain 'loaded: 6.0.0.0'
        $run.Output | Should -Contain 'loaded: 10.0.0.0'
        $run.ExitCode | Should -Be 0
    }

    It 'writes to standard error, with a UTC time, a level and where it happened' {
        $run.Errors -match '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [a-z]{4}: 127\.0\.0\.1:\d+.* 421 Come back later\.' | Should -Not -BeNullOrEmpty
    }

    It 'never writes to standard output' {
        $run.Output -match 'Z [a-z]{4}: ' | Should -BeNullOrEmpty
        $run.Output | Should -HaveCount 4
    }
}
