using Gatehouse.Api.Errors;
using Gatehouse.Api.Resources;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Api.Gateways;

/// <summary>The controller of a class never changes (https://gateway-api.sigs.k8s.io/reference/spec/#gatewayclassspec).</summary>
internal sealed class GatewayClassRules : IKindRules
{
    public string Kind => ResourceKind.GatewayClass;

    public Task<Error?> BeforeSaveAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        var changed = write.PreviousSpec is GatewayClassSpec before && write.Spec is GatewayClassSpec after && before.ControllerName != after.ControllerName;
        return Task.FromResult<Error?>(changed
            ? new InvalidError("/spec/controllerName", ErrorCodes.Immutable, "The controller of a class cannot be changed; create another class.")
            : null);
    }

    public Task<Error?> BeforeDeleteAsync(PendingWrite write, CancellationToken cancellationToken) => Task.FromResult<Error?>(null);
}
