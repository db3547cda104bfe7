# The manifest could choose the assembly itself, by an expression for RootModule; but then PowerShell cannot analyse the
# module without importing it, and of several runspaces that autoload it at once (ForEach-Object -Parallel) only some
# find its commands.
$target = if ($PSEdition -eq 'Core') { 'net8.0' } else { 'netstandard2.0' }
Import-Module "$PSScriptRoot/bin/$target/FtpTools.dll"
