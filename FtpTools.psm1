# The manifest could choose the assembly itself, by an expression for RootModule; but then PowerShell cannot analyse the
# module without importing it, and of several runspaces that autoload it at once (ForEach-Object -Parallel) only some
# find its commands.
$target = if ($PSEdition -eq 'Core') { 'net8.0' } else { 'netstandard2.0' }
# The package has the same assemblies compiled ahead for some systems, which takes a quarter or more off the time of a
# session's first steps (bench/first-use.md). They are compiled for .NET 10 and give .NET 8 nothing.
if ([Environment]::Version.Major -ge 10) {
    $system = if ($IsWindows) { 'win' } elseif ($IsLinux) { 'linux' } else { 'osx' }
    $image = "net10.0/$system-$([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant()
    if ([IO.File]::Exists("$PSScriptRoot/bin/$image/FtpTools.dll")) { $target = $image }
}
Import-Module "$PSScriptRoot/bin/$target/FtpTools.dll"
# FtpTools.Types.ps1xml, which is read before the assembly is loaded, cannot name them.
'FtpItem', 'FtpTransferResult', 'FtpSyncAction' | ForEach-Object { Update-TypeData -TypeName "FtpTools.$_" -TypeConverter "FtpTools.Pipeline.${_}Converter" -Force }
# Read back from a file, or come of a job, a profile is one again: as a row, its server would be connected to without its account.
Update-TypeData -TypeName Deserialized.FtpTools.FtpProfile -TargetTypeForDeserialization FtpTools.FtpProfile -Force
