using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DevOps.Registry.Server;

/// <summary>Changes the body of an answer as it is sent.</summary>
internal abstract class AnswerBodyEffect : IFaultEffect
{
    public virtual Task InvokeAsync(FaultRequest request, RequestDelegate next)
    {
        request.Context.Response.Body = Wrap(request.Context.Response.Body, request);
        return next(request.Context);
    }

    protected abstract Stream Wrap(Stream body, FaultRequest request);
}

/// <summary>Ends the connection in an answer's body.</summary>
internal sealed class ResponseDropEffect(long afterBytes) : AnswerBodyEffect
{
    public override async Task InvokeAsync(FaultRequest request, RequestDelegate next)
    {
        if (afterBytes > 0)
        {
            await base.InvokeAsync(request, next).ConfigureAwait(false);
            return;
        }

        // Headers would go out with the first flush: nothing of the answer may reach the connection.
        request.Context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        try
        {
            await next(request.Context).ConfigureAwait(false);
        }
        finally
        {
            request.Context.Abort();
        }
    }

    protected override Stream Wrap(Stream body, FaultRequest request)
    {
        long left = afterBytes;
        return new ChangedBody(body, async (bytes, send, cancellationToken) =>
        {
            if (bytes.Length > left)
            {
                await send(bytes[..(int)left]).ConfigureAwait(false);
                await body.FlushAsync(cancellationToken).ConfigureAwait(false);
                throw new FaultDropException();
            }

            left -= bytes.Length;
            await send(bytes).ConfigureAwait(false);
        });
    }
}

/// <summary>Turns the bits of one byte.</summary>
internal sealed class CorruptEffect(long offset) : AnswerBodyEffect
{
    protected override Stream Wrap(Stream body, FaultRequest request)
    {
        long position = 0;
        return new ChangedBody(body, async (bytes, send, cancellationToken) =>
        {
            if (offset >= position && offset < position + bytes.Length)
            {
                byte[] copy = bytes.ToArray();
                copy[offset - position] ^= 0xFF;
                bytes = copy;
            }

            position += bytes.Length;
            await send(bytes).ConfigureAwait(false);
        });
    }
}

/// <summary>Sends the beginning as if it were the whole.</summary>
internal sealed class ShortBodyEffect(long lengthBytes) : AnswerBodyEffect
{
    protected override Stream Wrap(Stream body, FaultRequest request)
    {
        HttpResponse response = request.Context.Response;
        response.OnStarting(() =>
        {
            response.ContentLength = response.ContentLength is { } length ? Math.Min(length, lengthBytes) : null;
            return Task.CompletedTask;
        });
        long left = lengthBytes;
        return new ChangedBody(body, async (bytes, send, cancellationToken) =>
        {
            int length = (int)Math.Min(bytes.Length, left);
            left -= length;
            await send(bytes[..length]).ConfigureAwait(false);
        });
    }
}

/// <summary>Sends piece by piece, with pauses.</summary>
internal sealed class SlowEffect(int bytesPerStep, TimeSpan pause) : AnswerBodyEffect
{
    protected override Stream Wrap(Stream body, FaultRequest request)
    {
        TimeProvider clock = request.Faults.TimeProvider;
        return new ChangedBody(body, async (bytes, send, cancellationToken) =>
        {
            for (int start = 0; start < bytes.Length; start += bytesPerStep)
            {
                // What was sent before a pause is to arrive before it.
                await body.FlushAsync(cancellationToken).ConfigureAwait(false);
                await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(false);
                await send(bytes.Slice(start, Math.Min(bytesPerStep, bytes.Length - start))).ConfigureAwait(false);
            }
        });
    }
}

/// <summary>Ends the connection in a request's body.</summary>
internal sealed class RequestDropEffect(long afterBytes) : IFaultEffect
{
    public Task InvokeAsync(FaultRequest request, RequestDelegate next)
    {
        request.Context.Request.Body = new BrokenBody(request.Context, afterBytes);
        return next(request.Context);
    }
}
