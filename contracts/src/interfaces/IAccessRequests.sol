// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ICommonErrors} from "./ICommonErrors.sol";
import {IDatasetRegistry} from "./IDatasetRegistry.sol";
import {IGranaryDomain} from "./IGranaryDomain.sol";
import {ITrainerRegistry} from "./ITrainerRegistry.sol";

/// @notice A trainer asks for datasets and pays price x count into escrow. Signed by `trainer`; its struct hash is the
/// request's id, so the same message opens one request only.
struct AccessRequest {
    address trainer;
    uint16 pool;
    /// Exactly one use (bits 0 to 15) and the conditions asked for.
    uint32 purposes;
    /// The root of the positional tree over the datasets' ids.
    bytes32 manifestRoot;
    /// The digest in the CID of the manifest document. Emitted, not stored.
    bytes32 manifestDocument;
    /// How many datasets the manifest has, at least 1.
    uint32 count;
    /// The X25519 public key to which custodians seal their shares.
    bytes32 recipient;
    /// The trainer pays no more than this in total.
    uint256 maxTotalPrice;
    /// The last block time at which custodians release.
    uint40 expires;
    /// Makes two otherwise equal requests different.
    bytes32 salt;
    /// The last block time at which the message is taken.
    uint256 deadline;
}

/// @notice An ERC-2612 permit for the escrow. All zero = none: the allowance is there already.
struct Permit {
    uint256 value;
    uint256 deadline;
    uint8 v;
    bytes32 r;
    bytes32 s;
}

/// @notice An owner's yes or no to one request for one dataset. Signed by the dataset's owner. A no is final.
struct Approval {
    bytes32 request;
    bytes32 dataset;
    bool granted;
    uint256 deadline;
}

/// @notice What the chain knows of a request. All zero = unknown.
struct Request {
    address trainer;
    uint16 pool;
    uint32 purposes;
    uint32 count;
    uint40 expires;
    /// The settlement window in seconds, as it stood at opening.
    uint40 window;
    /// The treasury's part of each use in 1/10,000, as it stood at opening.
    uint16 treasuryBps;
    /// The custodians' part of each use in 1/10,000, as it stood at opening.
    uint16 custodiansBps;
    /// A settlement that stands said that no more uses will follow: nothing is spent any more.
    bool isFinal;
    bool refunded;
    bytes32 manifestRoot;
    bytes32 recipient;
    /// The price per use, as it stood at opening.
    uint128 price;
    /// What settlements took from the escrow so far, those still within their delay included.
    uint128 spent;
}

/// @notice Which settlement speaks to the escrow.
struct Source {
    /// The settlement's number, which another one takes over after a voiding.
    uint64 number;
    /// Which of all settlements ever taken it is, counted from 1: never given twice.
    uint64 sequence;
}

/// @title IAccessRequests
/// @notice Requests, their escrow, and approvals in ask mode. Storage per request does not grow with the count.
/// @dev Always true, per request: price x count = spent + refunded + still held. Fixed at deployment: the token, which
/// must neither take fees on transfer nor rebase, both registries, the reward pool, which alone may spend and give back,
/// and the shortest window. The owner's parameters hold for requests opened later.
interface IAccessRequests is ICommonErrors, IGranaryDomain {
    // ------------------------------------------------------------------------------------------------------- errors

    /// @notice This very message opened a request before.
    error RequestExists(bytes32 request);

    /// @notice No request has this id.
    error RequestUnknown(bytes32 request);

    /// @notice The request is final.
    error RequestIsFinal(bytes32 request);

    /// @notice The request was refunded.
    error RequestIsRefunded(bytes32 request);

    /// @notice Neither past its settlement window, nor final by a settlement whose delay is over.
    /// @param from The block time from which a refund is possible in any case.
    error RequestNotRefundable(bytes32 request, uint256 from);

    /// @notice The request's time is over.
    error RequestExpired(uint40 expires);

    /// @notice The trainer is not approved, or no longer.
    error TrainerNotApproved(address trainer);

    /// @notice The trainer is suspended.
    error TrainerIsSuspended(address trainer);

    /// @notice A request names exactly one use.
    error PurposeNotSingle(uint32 purposes);

    /// @notice A request for nothing.
    error CountZero();

    /// @notice More than the trainer was ready to pay.
    error PriceAboveMaximum(uint256 totalPrice, uint256 maxTotalPrice);

    /// @notice Escrows end at 2^128 - 1.
    error EscrowTooLarge(uint256 price, uint32 count);

    /// @notice Anyone could compute what is sealed to this point.
    error RecipientLowOrder(bytes32 recipient);

    /// @notice More than the escrow still holds.
    error EscrowExceeded(bytes32 request, uint256 amount, uint256 held);

    /// @notice The owner said no, for good.
    error ApprovalFinal(bytes32 request, bytes32 dataset);

    /// @notice Only the reward pool may spend.
    error NotRewardPool(address sender);

    /// @notice Treasury and custodians together would take more than their constant limit.
    error FeesTooHigh(uint256 treasuryBps, uint256 custodiansBps);

    /// @notice A window shorter than that of the deployment would let trainers take back what is owed; one longer than
    /// the constant limit would lock up what is theirs.
    error WindowInvalid(uint256 window, uint256 minimum, uint256 maximum);

    // ------------------------------------------------------------------------------------------------------- events

    /// @notice A request was opened and its escrow of price x count paid.
    event RequestOpened(
        bytes32 indexed request,
        address indexed trainer,
        uint16 indexed pool,
        uint32 purposes,
        bytes32 manifestRoot,
        bytes32 manifestDocument,
        uint32 count,
        bytes32 recipient,
        uint256 price,
        uint16 treasuryBps,
        uint16 custodiansBps,
        uint40 expires,
        uint40 window
    );

    /// @notice An owner said yes or no. Emitted once an answer, however often it is repeated.
    event ApprovalGiven(bytes32 indexed request, bytes32 indexed dataset, bool granted);

    /// @notice A settlement took from a request's escrow.
    event RequestSpent(bytes32 indexed request, uint256 amount);

    /// @notice A voided settlement gave back what it had taken: to the escrow, or to the trainer if the request was
    /// refunded meanwhile.
    event RequestReturned(bytes32 indexed request, uint256 amount);

    /// @notice A settlement said that no more uses of this request will follow.
    event RequestFinal(bytes32 indexed request, uint256 indexed settlement);

    /// @notice The settlement that had said so was voided.
    event RequestReopened(bytes32 indexed request, uint256 indexed settlement);

    /// @notice What was not used went back to the trainer.
    event RequestRefunded(bytes32 indexed request, address indexed trainer, uint256 amount);

    /// @notice Item `index` of a batch did nothing.
    /// @param reason The selector of the error that says why.
    event Skipped(uint256 indexed index, bytes4 reason);

    /// @notice The fee split for requests to come changed.
    event FeesChanged(uint16 treasuryBps, uint16 custodiansBps);

    /// @notice The settlement window for requests to come changed.
    event WindowChanged(uint40 window);

    // ---------------------------------------------------------------------------------------------------- functions

    /// @notice Opens a request and takes its escrow from the trainer. Anyone may send it.
    /// @dev A permit that fails is ignored: somebody may have used it first, and the allowance is what counts.
    /// Reverts with MessageExpired, RequestExpired, CountZero, PurposesUndefined, PurposeNotSingle, RecipientLowOrder,
    /// RequestExists, TrainerIsSuspended, TrainerNotApproved, PoolUnknown, PoolIsClosed, EscrowTooLarge,
    /// PriceAboveMaximum, SignatureInvalid, or the token's own error.
    /// @return id The request's id, the struct hash of the message.
    function open(AccessRequest calldata request, bytes calldata signature, Permit calldata permit)
        external
        returns (bytes32 id);

    /// @notice Records owners' answers. Anyone may send it.
    /// @dev A yes that is repeated is taken and does nothing: it may be sent by its owner and relayed. Reasons to skip:
    /// MessageExpired, RequestUnknown, RequestIsRefunded, RequestIsFinal, RequestExpired, DatasetUnknown,
    /// DatasetWithdrawn, ApprovalFinal, SignatureInvalid. Whether the dataset is in the manifest and in ask mode is for
    /// custodians to check: an answer to a question nobody asked does nothing.
    function approve(Approval[] calldata items, bytes[] calldata signatures) external;

    /// @notice Pays what was not spent back to the trainer. Anyone may send it, once, when `expires + window` has passed
    /// or a settlement whose delay is over marked the request final. Nothing is spent from the request afterwards.
    /// @dev Again only for what `giveBack` could not pay to the trainer because the token refused.
    function refund(bytes32 request) external;

    /// @notice Takes what a settlement spent out of the escrows, pays it to the reward pool and marks requests final.
    /// Reward pool only.
    /// @dev Reverts if a request is unknown, final or refunded, or holds less. A request in `finals` that is final or
    /// refunded already is passed over, so that a refund by a third party does not hold up a settlement.
    /// @return total What was paid.
    function spend(
        Source calldata source,
        bytes32[] calldata requests,
        uint256[] calldata amounts,
        bytes32[] calldata finals
    ) external returns (uint256 total);

    /// @notice Takes back what a voided settlement had spent and undoes its finals. Reward pool only, once a settlement
    /// and after it has sent the tokens here.
    /// @dev What a refunded request gets back goes straight on to its trainer; if the token refuses, it stays here until
    /// `refund` can pay it, and the other requests get theirs all the same. Finals are without effect from the moment
    /// of the voiding on; this tidies them up and says so.
    function giveBack(
        Source calldata source,
        bytes32[] calldata requests,
        uint256[] calldata amounts,
        bytes32[] calldata finals
    ) external;

    /// @notice Changes the fee split for requests to come. Owner only. The sum is at most `FEES_MAXIMUM_BPS`.
    function setFees(uint16 treasuryBps, uint16 custodiansBps) external;

    /// @notice Changes the settlement window, in seconds, for requests to come. Owner only. From `windowMinimum` to
    /// `WINDOW_MAXIMUM`.
    function setWindow(uint40 seconds_) external;

    /// @notice One request. All zero if unknown.
    function request(bytes32 id) external view returns (Request memory);

    /// @notice An owner's answer: 0 none, 1 yes, 2 no.
    function approval(bytes32 request, bytes32 dataset) external view returns (uint8);

    /// @notice The fee split for requests to come, in 1/10,000.
    function fees() external view returns (uint16 treasuryBps, uint16 custodiansBps);

    /// @notice The settlement window for requests to come, in seconds.
    function window() external view returns (uint40);

    /// @notice Treasury and custodians together never get more than this, in 1/10,000.
    function FEES_MAXIMUM_BPS() external view returns (uint256);

    /// @notice No window is longer, in seconds.
    function WINDOW_MAXIMUM() external view returns (uint256);

    /// @notice No window is shorter, in seconds: the one of the deployment.
    function windowMinimum() external view returns (uint40);

    /// @notice The only contract that may spend and give back.
    function rewardPool() external view returns (address);

    /// @notice The token of prices, escrow and rewards.
    function token() external view returns (IERC20);

    /// @notice Where datasets and pools are.
    function registry() external view returns (IDatasetRegistry);

    /// @notice Where trainers are.
    function trainers() external view returns (ITrainerRegistry);
}
