namespace DevOps.Pipelines;

/// <summary>Finds programs as a shell does. .NET itself would look beside the host and in the current directory first, where a checkout can have put a program of any name.</summary>
internal static class ProgramPath
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <exception cref="ProcessStartException">There is no such program.</exception>
    internal static string Find(string fileName, string workingDirectory, IDictionary<string, string?> environment)
    {
        if (fileName.Contains('/', StringComparison.Ordinal) || fileName.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            return Path.GetFullPath(Path.Combine(workingDirectory.Length == 0 ? Directory.GetCurrentDirectory() : workingDirectory, fileName));
        }

        string folders = environment.TryGetValue("PATH", out string? path) ? path ?? "" : "";
        string[] endings = OperatingSystem.IsWindows() && !Path.HasExtension(fileName) ? [".exe", ".com", ".cmd", ".bat"] : [""];
        return folders.Split(Path.PathSeparator)
                .Where(Path.IsPathRooted)
                .SelectMany(folder => endings.Select(ending => Path.Combine(folder, fileName + ending)))
                .FirstOrDefault(IsProgram)
            ?? throw new ProcessStartException(fileName, "no directory in the PATH holds it");
    }

    private static bool IsProgram(string path) => File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);
}
