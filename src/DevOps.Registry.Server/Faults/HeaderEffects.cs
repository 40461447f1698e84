using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server;

/// <summary>Changes the headers of an answer, at the last moment before they are sent.</summary>
internal abstract class AnswerHeadersEffect : IFaultEffect
{
    public Task InvokeAsync(FaultRequest request, RequestDelegate next)
    {
        HttpResponse response = request.Context.Response;
        response.OnStarting(() =>
        {
            Change(response);
            return Task.CompletedTask;
        });
        return next(request.Context);
    }

    protected abstract void Change(HttpResponse response);
}

/// <summary>Sets a header.</summary>
internal sealed class HeaderEffect(string name, string value) : AnswerHeadersEffect
{
    protected override void Change(HttpResponse response) => response.Headers[name] = value;
}

/// <summary>Leaves headers out.</summary>
internal sealed class MissingHeadersEffect(ImmutableArray<string> names) : AnswerHeadersEffect
{
    protected override void Change(HttpResponse response)
    {
        foreach (string name in names)
        {
            response.Headers.Remove(name);
        }
    }
}

/// <summary>Moves the numbers of ranges.</summary>
internal sealed partial class ShiftRangeEffect(long bytes) : AnswerHeadersEffect
{
    protected override void Change(HttpResponse response)
    {
        if ((string?)response.Headers.ContentRange is { } part)
        {
            response.Headers.ContentRange = Ends().Replace(part, ends => $"{Shift(ends.Groups[1].Value)}-{Shift(ends.Groups[2].Value)}");
        }

        if ((string?)response.Headers.Range is { } progress)
        {
            response.Headers.Range = Ends().Replace(progress, ends => $"{ends.Groups[1].Value}-{Shift(ends.Groups[2].Value)}");
        }
    }

    private string Shift(string number) => Math.Max(0, long.Parse(number, CultureInfo.InvariantCulture) + bytes).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d+)-(\d+)")]
    private static partial Regex Ends();
}

/// <summary>Forgets that a part was asked for.</summary>
internal sealed class IgnoreRangeEffect : IFaultEffect
{
    public Task InvokeAsync(FaultRequest request, RequestDelegate next)
    {
        request.Context.Request.Headers.Remove("Range");
        return next(request.Context);
    }
}
