using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Cli;
using DevOps;

const int Failure = 1;
const int Usage = 2;
const int Cancelled = 130;

using TerminalKeys keys = new();
switch (args)
{
    case []:
        Console.Error.WriteLine(HelpText.OfProgram());
        return Usage;
    case ["--help" or "-h"] or ["help"]:
        Console.Out.WriteLine(HelpText.OfProgram());
        return 0;
    case ["--version" or "version"]:
        Console.Out.WriteLine(HelpText.Version);
        return 0;
}

StatusLine status = new(Console.Error);
Output output = new(args.Contains(Option.Json.Name), ProgressStyle.None, status);
using StopSignals stop = new(TimeProvider.System);
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
string help = "devops --help";
try
{
    bool isHelp = args[0] == "help";
    Command command = Commands.Find(isHelp ? args[1..] : args);
    help = $"devops {command.Name} --help";
    Arguments arguments = Arguments.Parse(isHelp ? ImmutableArray.Create(Option.HelpText.Name) : args[command.Words.Length..], command.Options);
    if (arguments.Has(Option.HelpText.Name))
    {
        Console.Out.WriteLine(HelpText.Of(command));
        return 0;
    }

    ProgressStyle style = ProgressStyles.Choose(arguments, !Console.IsErrorRedirected, Environment.GetEnvironmentVariable("TERM"));
    output = new(arguments.Has(Option.Json.Name), style, status);
    return await command.RunAsync(arguments, output, stop.Token);
}
catch (UsageException e)
{
    return output.Error(Usage, "usage", $"{e.Message} '{help}' tells more.");
}
catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
{
    return output.Error(Cancelled, "cancelled", "stopped");
}
catch (UnauthorizedAccessException e)
{
    return output.Error(Failure, "access", $"{e.Message} Check its permissions, or run as a user who may use it.");
}
catch (IOException e) when (ErrorText.IsDiskFull(e))
{
    return output.Error(Failure, "disk-full", $"{e.Message.TrimEnd('.')}. Make room there, or write elsewhere{(args[0] == "unpack" ? "; what was unpacked before stays." : "; nothing half-written was left.")}");
}
catch (Exception e) when (e is DevOpsException or IOException or HttpRequestException or TimeoutException or ArgumentException or InvalidDataException)
{
    return output.Error(Failure, "failed", ErrorText.Of(e));
}
#pragma warning disable CA1031 // The last resort: whatever it is, it is told, and the exit code says that the work failed.
catch (Exception e)
#pragma warning restore CA1031
{
    return output.Error(Failure, "unexpected", $"{e.GetType()}: {e.Message} This is a defect of this program: report it with the command that you gave.");
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    if (stop.Receive())
    {
        _ = output.Error(Cancelled, "cancelled", "ended at once by a second signal, before it could clean up: a '.partial' file or an open upload may have stayed, which nothing takes for whole. The same command does the work again.");
        keys.Dispose();
        Environment.Exit(Cancelled);
    }
}
