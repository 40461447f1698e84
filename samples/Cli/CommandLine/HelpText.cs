using System.Reflection;
using System.Text;

namespace Cli;

/// <summary>What <c>--help</c> prints, made of what the parser knows.</summary>
internal static class HelpText
{
    internal const string ExitCodes = "exit codes: 0 done, 1 failed or done in part, 2 not understood, 130 stopped by Ctrl-C or SIGTERM";
    private const int MaxHeading = 34;

    internal static string Version => typeof(HelpText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    internal static string OfProgram()
    {
        StringBuilder text = new();
        text.AppendLine("usage: devops COMMAND [VALUE]... [OPTION]...").AppendLine();
        int width = Commands.All.Max(command => command.Name.Length);
        foreach (Command command in Commands.All)
        {
            text.AppendLine($"  {command.Name.PadRight(width)}  {command.Summary}");
        }

        return text.AppendLine()
            .AppendLine("'devops COMMAND --help' tells the options of a command and gives examples; 'devops --version' prints the version.")
            .AppendLine("Results go to standard output, everything else to the error output.")
            .Append(ExitCodes)
            .ToString();
    }

    internal static string Of(Command command)
    {
        StringBuilder text = new();
        text.AppendLine($"usage: devops {$"{command.Name} {command.Values}".TrimEnd()} [OPTION]...").AppendLine().AppendLine($"{command.Summary}.").AppendLine();
        int width = Math.Min(command.Options.Max(option => option.Heading.Length), MaxHeading);
        foreach (Option option in command.Options)
        {
            text.AppendLine(option.Heading.Length <= width ? $"  {option.Heading.PadRight(width)}  {option.Help}" : $"  {option.Heading}{Environment.NewLine}  {new string(' ', width)}  {option.Help}");
        }

        text.AppendLine();
        foreach (string note in command.Notes)
        {
            text.AppendLine(note);
        }

        if (!command.Examples.IsEmpty)
        {
            text.AppendLine(command.Notes.IsEmpty ? "examples:" : $"{Environment.NewLine}examples:");
            foreach (string example in command.Examples)
            {
                text.AppendLine($"  devops {example}");
            }
        }

        return text.AppendLine().Append(ExitCodes).ToString();
    }
}
